import type { StoredEntry } from '../../stores';
import { throwIfCancelled, type CatalogEntry, type FolderPage, type FolderQuery } from '../catalog';
import { Pace } from '../pace';
import type { EntryTable } from './entry-table';

/** Entries that are read in one go: few where folders are jumped over, more along a row of images. */
const [LEAST_CHUNK, MOST_CHUNK] = [8, 256];
/** Milliseconds after which a page is closed, however little is on it. */
const MAX_TIME = 250;
/** Behind all that begins alike: no name holds more than a few of the last character that there is. */
const LAST = '\u{10ffff}';

/** What lies directly in a folder, in order of the names. Whatever is in the folders within it is jumped over. */
export async function cutFolder(
  table: EntryTable,
  query: FolderQuery,
  describe: (entry: StoredEntry) => CatalogEntry,
): Promise<FolderPage> {
  const cutter = new FolderCutter(query, describe);
  let after: string | undefined = query.after ?? cutter.start;
  let size = LEAST_CHUNK;
  const deadline = performance.now() + MAX_TIME;
  for (;;) {
    const chunk = table.next(after, size);
    if (chunk.length === 0) return cutter.page(undefined);
    const jump = await cutter.take(chunk);
    if (cutter.hasEnded) return cutter.page(undefined);
    after = jump ?? chunk.at(-1)!.name;
    if (cutter.isFull || performance.now() > deadline) return cutter.page(after);
    size = jump === undefined ? Math.min(MOST_CHUNK, 2 * size) : LEAST_CHUNK;
  }
}

class FolderCutter {
  readonly #query: FolderQuery;
  readonly #describe: (entry: StoredEntry) => CatalogEntry;
  readonly #prefix: string;
  readonly #pace = new Pace();
  readonly #folders: string[] = [];
  readonly #images: CatalogEntry[] = [];
  hasEnded = false;

  constructor(query: FolderQuery, describe: (entry: StoredEntry) => CatalogEntry) {
    this.#query = query;
    this.#describe = describe;
    this.#prefix = query.path === '' ? '' : `${query.path}/`;
  }

  /** The name behind which the folder begins. */
  get start(): string | undefined {
    return this.#prefix === '' ? undefined : this.#prefix;
  }

  get isFull(): boolean {
    return this.#folders.length + this.#images.length >= this.#query.limit;
  }

  page(next: string | undefined): FolderPage {
    return { folders: this.#folders, images: this.#images, next };
  }

  /** Takes entries until it has to jump, or is full; returns the name to go on behind, if that is not the last of them. */
  async take(entries: readonly StoredEntry[]): Promise<string | undefined> {
    const { mayRead, signal } = this.#query;
    for (const entry of entries) {
      throwIfCancelled(signal);
      const turn = this.#pace.step();
      if (turn) await turn;
      if (!entry.name.startsWith(this.#prefix)) {
        this.hasEnded = true;
        return undefined;
      }
      if (mayRead && !mayRead(entry.name)) continue;
      if (entry.unreadable !== undefined) continue;
      const folder = this.#folderOf(entry.name);
      if (folder === undefined) this.#images.push(this.#describe(entry));
      else if (folder !== this.#folders.at(-1)) {
        this.#folders.push(folder);
        return `${this.#prefix}${folder}/${LAST}`;
      }
      if (this.isFull) return entry.name;
    }
    return undefined;
  }

  #folderOf(name: string): string | undefined {
    const slash = name.indexOf('/', this.#prefix.length);
    return slash === -1 ? undefined : name.slice(this.#prefix.length, slash);
  }
}
