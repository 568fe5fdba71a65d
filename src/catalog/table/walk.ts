import type { StoredEntry } from '../../stores';
import { throwIfCancelled, type WalkQuery } from '../catalog';
import { Pace } from '../pace';
import type { EntryTable } from './entry-table';

/** Entries that are read in one go: few where folders are jumped over, more along a row of images. */
const [LEAST_CHUNK, MOST_CHUNK] = [8, 256];
/** Behind all that begins alike: no name holds more than a few of the last character that there is. */
const LAST = '\u{10ffff}';

/** Something in a folder: an image, or a folder in which there is at least one that may be read. */
export type Found =
  | { readonly entry: StoredEntry }
  | { readonly folder: string; /** The first image in it that may be read. */ readonly first: StoredEntry };

/**
 * What lies below `path`, or only what lies directly in it, in order of the names. Whatever is in folders that are not looked
 * into is jumped over.
 */
export async function* walk(table: EntryTable, query: WalkQuery): AsyncGenerator<Found> {
  const { path, isDeep, mayRead, signal } = query;
  const prefix = path === '' ? '' : `${path}/`;
  const pace = new Pace();
  let after: string | undefined = query.after ?? (prefix === '' ? undefined : prefix);
  let last: string | undefined;
  for (let size = LEAST_CHUNK; ;) {
    const chunk = table.next(after, size);
    if (chunk.length === 0) return;
    size = Math.min(MOST_CHUNK, 2 * size);
    after = chunk.at(-1)!.name;
    for (const entry of chunk) {
      throwIfCancelled(signal);
      const turn = pace.step();
      if (turn) await turn;
      if (!entry.name.startsWith(prefix)) return;
      if (entry.unreadable !== undefined || mayRead?.(entry.name) === false) continue;
      const folder = isDeep ? undefined : folderIn(entry.name, prefix);
      if (folder === undefined) yield { entry };
      if (folder === undefined || folder === last) continue;
      yield { folder, first: entry };
      last = folder;
      after = behindFolder(prefix, folder);
      size = LEAST_CHUNK;
      break;
    }
  }
}

/** The name to walk on behind once a folder was found. */
export function behindFolder(prefix: string, folder: string): string {
  return `${prefix}${folder}/${LAST}`;
}

function folderIn(name: string, prefix: string): string | undefined {
  const slash = name.indexOf('/', prefix.length);
  return slash === -1 ? undefined : name.slice(prefix.length, slash);
}
