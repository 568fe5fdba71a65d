import { ResoError } from '../../../errors';
import type { ImageEntry } from '../../../protocol';
import type { Selected } from '../../plan/select';
import type { SyncSource } from './context';
import type { Pages } from '../../plan/listing';

/** What the folder is to hold: all that the server has, or what a lock file names. */
export interface Wanted {
  /** In byte order of the names; the same generation means that nothing changed in between. */
  readonly pages: Pages;
  /** How messages call where the list is from. */
  readonly from: string;
  /** Why a list that lacks much may be wrong. */
  readonly doubt: string;
  select(entry: ImageEntry): Selected & { readonly entry: ImageEntry };
  /** Why what the list does not name is wanted all the same; undefined: it is not. */
  whyWanted(name: string): Promise<string | undefined>;
}

export function wantedOfServer({ lister }: SyncSource): Wanted {
  return {
    pages: (globs) => lister.pages(globs),
    from: 'the server',
    doubt: 'Its folder may not be mounted',
    select: (entry) => ({ name: entry.name, entry }),
    /** What the server only can't read, or has again, is not gone. */
    async whyWanted(name) {
      try {
        await lister.stat(name);
        return 'The server does not list it, but says that it is there';
      } catch (error) {
        if (!(error instanceof ResoError)) throw error;
        if (error.code === 'NOT_FOUND') return undefined;
        if (error.code === 'UNREADABLE') return "The server has it, but can't read it";
        if (error.code === 'FORBIDDEN') return 'The server does not say whether it is there';
        throw error;
      }
    },
  };
}
