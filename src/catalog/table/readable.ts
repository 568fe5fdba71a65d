import { compareNames } from '../../names';
import type { StoredEntry } from '../../stores';
import type { Readable } from '../catalog';
import type { EntryTable } from './entry-table';

/** Sorts after every name with the same prefix, unless that contains this code point, which is never assigned. */
const LAST = '\u{10ffff}';

interface Chunk {
  readonly entries: readonly StoredEntry[];
  /** Where to go on; undefined at the end of the table. */
  readonly next: string | undefined;
}

/**
 * The entries after `after` that a client may read, out of the next `most`. What is in folders that the client may not enter
 * is skipped, not read: however much it is, a list takes no longer.
 */
export function nextReadable(
  table: EntryTable,
  readable: Readable,
  after: string | undefined,
  most: number,
): Chunk {
  const all = table.next(after, most);
  const last = all.at(-1)?.name;
  const { mayRead, mayEnter } = readable;
  if (!mayRead || last === undefined) return { entries: all, next: last };
  const entries: StoredEntry[] = [];
  let hidden: string | undefined;
  for (const entry of all) {
    if (hidden !== undefined && entry.name.startsWith(hidden)) continue;
    if (isShown(entry.name, readable)) entries.push(entry);
    else hidden = mayEnter && hiddenFolder(entry.name, mayEnter);
  }
  return { entries, next: hidden === undefined ? last : furthest(last, hidden) };
}

/** Whether a client may know of an entry. The name of a folder, which can't be read, ends with a slash. */
export function isShown(name: string, { mayRead, mayEnter }: Readable): boolean {
  if (!mayRead || mayRead(name)) return true;
  return name.endsWith('/') && mayEnter?.(name.slice(0, -1)) === true;
}

/** A name may contain a code point that sorts after everything that is looked for behind a folder. */
function furthest(last: string, hidden: string): string {
  const end = behind(hidden);
  return last.startsWith(hidden) && compareNames(last, end) < 0 ? end : last;
}

/** The position behind all that is in a folder, whose path ends with a slash. */
export function behind(folder: string): string {
  return folder + LAST;
}

/** The outermost folder of a name that may not be entered, with a slash at its end. */
function hiddenFolder(name: string, mayEnter: (path: string) => boolean): string | undefined {
  for (let slash = name.indexOf('/'); slash !== -1; slash = name.indexOf('/', slash + 1))
    if (!mayEnter(name.slice(0, slash))) return name.slice(0, slash + 1);
  return undefined;
}
