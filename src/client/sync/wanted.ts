import { ResoError } from '../../errors';
import type { ImageEntry } from '../../protocol';
import type { Selected } from '../download/select';
import type { SyncSource } from './context';
import type { Pages } from './listing';

/** What the folder is to hold: all that the server has, or what a lock file names. */
export interface Wanted {
  /** In byte order of the names; the same generation means that nothing changed in between. */
  readonly pages: Pages;
  /** How messages call where the list is from. */
  readonly from: string;
  /** Why a list that lacks much may be wrong. */
  readonly doubt: string;
  select(entry: ImageEntry): Selected & { readonly entry: ImageEntry };
  /** Whether what the list does not name is really not wanted. */
  isGone(name: string): Promise<boolean>;
}

export function wantedOfServer({ lister }: SyncSource): Wanted {
  return {
    pages: (globs) => lister.pages(globs),
    from: 'the server',
    doubt: 'Its folder may not be mounted',
    select: (entry) => ({ name: entry.name, entry }),
    /** What the server only can't read, or has again, is not gone. */
    async isGone(name) {
      try {
        await lister.stat(name);
        return false;
      } catch (error) {
        if (!(error instanceof ResoError)) throw error;
        if (error.code === 'NOT_FOUND') return true;
        if (error.code === 'UNREADABLE' || error.code === 'FORBIDDEN') return false;
        throw error;
      }
    },
  };
}
