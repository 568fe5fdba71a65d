import { UsageError } from '../../../errors';
import { compareNames, escapeForDisplay } from '../../../names';
import type { ImageEntry, Page } from '../../../protocol';
import type { Lock } from '../lock/options';
import { selected } from '../../plan/select-locked';
import type { Wanted } from './wanted';

/** Images of a lock that are taken as one page. */
const PAGE = 256;

/** What a lock names, whatever else the server has. */
export function wantedOfLock(lock: Lock): Wanted {
  return {
    pages: () => pagesOf(lock),
    from: 'the lock file',
    doubt: 'It may be the wrong one',
    select: ({ name, size, sha256 }) => selected({ name, size, sha256: sha256! }),
    // The server may well have it: that is no reason to keep it.
    whyWanted: () => Promise.resolve(undefined),
  };
}

/** Of one generation: a lock file is the whole list of one state. */
async function* pagesOf(lock: Lock): AsyncGenerator<Page, void, undefined> {
  let images: ImageEntry[] = [];
  let last: string | undefined;
  for await (const locked of lock.entries()) {
    const { name, entry } = selected(locked);
    // A lock need not be from a file; out of order, the index would be passed by and files be deleted.
    if (last !== undefined && compareNames(name, last) <= 0) {
      throw new UsageError(
        `The names of a lock must be in byte order, each once: "${escapeForDisplay(name)}" is not.`,
      );
    }
    last = name;
    images.push(entry);
    if (images.length < PAGE) continue;
    yield { generation: 'lock', images };
    images = [];
  }
  yield { generation: 'lock', images };
}
