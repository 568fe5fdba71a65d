import type { StoredEntry } from '../../stores';
import { throwIfCancelled, type Found, type WalkQuery } from '../catalog';
import { Pace } from '../../pace';
import type { EntryTable } from './entry-table';
import { behind, nextReadable } from './readable';

/** Entries per read: few while skipping folders, more along a run of images. */
const [LEAST_CHUNK, MOST_CHUNK] = [8, 256];

/**
 * Everything below `path`, or only what is directly in it, in order of the names. The contents of other folders are
 * skipped, not read.
 */
export async function* walk(table: EntryTable, query: WalkQuery): AsyncGenerator<Found<StoredEntry>> {
  const { path, isDeep, signal } = query;
  // Nothing is read: that takes as long as if the folder did not exist.
  if (query.mayEnter?.(path) === false) return;
  const prefix = path === '' ? '' : `${path}/`;
  const pace = new Pace();
  let after: string | undefined = query.after ?? (prefix === '' ? undefined : prefix);
  let last: string | undefined;
  for (let size = LEAST_CHUNK; ;) {
    const { entries, next } = nextReadable(table, query, after, size);
    throwIfCancelled(signal);
    const turn = pace.step(size);
    if (turn) await turn;
    after = next;
    size = Math.min(MOST_CHUNK, 2 * size);
    for (const entry of entries) {
      throwIfCancelled(signal);
      if (!entry.name.startsWith(prefix)) return;
      if (entry.unreadable !== undefined) continue;
      const folder = isDeep ? undefined : folderIn(entry.name, prefix);
      if (folder === undefined) yield { entry };
      if (folder === undefined || folder === last) continue;
      yield { folder, first: entry };
      last = folder;
      after = behindFolder(prefix, folder);
      size = LEAST_CHUNK;
      break;
    }
    if (!after?.startsWith(prefix)) return;
  }
}

/** The position from which a walk continues after a folder. */
export function behindFolder(prefix: string, folder: string): string {
  return behind(`${prefix}${folder}/`);
}

function folderIn(name: string, prefix: string): string | undefined {
  const slash = name.indexOf('/', prefix.length);
  return slash === -1 ? undefined : name.slice(prefix.length, slash);
}
