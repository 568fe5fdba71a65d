import type { StoredEntry } from '../../stores';
import { throwIfCancelled, type Found, type WalkQuery } from '../catalog';
import { Pace } from '../../pace';
import type { EntryTable } from './entry-table';

/** Entries per read: few while skipping folders, more along a run of images. */
const [LEAST_CHUNK, MOST_CHUNK] = [8, 256];
/** Sorts after every name with the same prefix, unless that contains this code point, which is never assigned. */
const LAST = '\u{10ffff}';

/**
 * Everything below `path`, or only what is directly in it, in order of the names. The contents of other folders are
 * skipped, not read.
 */
export async function* walk(table: EntryTable, query: WalkQuery): AsyncGenerator<Found<StoredEntry>> {
  const { path, isDeep, mayRead, signal } = query;
  // Walking past what may not be read would take longer the more there is of it.
  if (query.mayEnter?.(path) === false) return;
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

/** The position from which a walk continues after a folder. */
export function behindFolder(prefix: string, folder: string): string {
  return `${prefix}${folder}/${LAST}`;
}

function folderIn(name: string, prefix: string): string | undefined {
  const slash = name.indexOf('/', prefix.length);
  return slash === -1 ? undefined : name.slice(prefix.length, slash);
}
