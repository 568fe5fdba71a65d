import { globMatcher, mayReachInto } from '../../names';
import type { StoredEntry } from '../../stores';
import { throwIfCancelled, type CatalogEntry, type ListPage, type ListQuery } from '../catalog';
import { Pace } from '../../pace';
import type { EntryTable } from './entry-table';
import { noGeneration, type Generations } from './generations';
import { nextReadable } from './readable';

/** Approximate limit of a page, in bytes of JSON. */
const MAX_BYTES = 196_608;
/** Bytes of an entry besides its name: numbers, version, digest, member names. */
const ENTRY_BYTES = 320;
/** The same of facts. */
const FACTS_BYTES = 640;
/** Milliseconds after which a page is closed, however few names have matched. */
const MAX_TIME = 250;
/** The clock is read after matching work of this cost: characters of the glob times characters of the name. */
const COST_BETWEEN_LOOKS = 20_000;
/** Entries per batch. */
const CHUNK = 256;

/**
 * Cuts a page out of a table. A page is short if its names are long or if matching takes long: clients choose the globs,
 * and nobody else should have to wait for them.
 */
export async function cutPage(
  table: EntryTable,
  generations: Generations,
  query: ListQuery,
  describe: (entry: StoredEntry) => CatalogEntry,
): Promise<ListPage> {
  const generation = await generations.of(query);
  if (generation === query.unless) return { generation, unchanged: true, images: [] };
  const page = new PageCutter(query, describe);
  const pace = new Pace();
  const most = query.globs || query.mayRead ? CHUNK : Math.min(CHUNK, query.limit);
  /** The next entries that may be read; none at the end. */
  const read = async (from: string | undefined) => {
    for (let at = from; ;) {
      const { entries, next } = nextReadable(table, query, at, most);
      if (entries.length > 0 || next === undefined) return entries;
      throwIfCancelled(query.signal);
      await pace.step(most);
      at = next;
    }
  };
  let after = query.after;
  let chunk = await read(after);
  for (; chunk.length > 0 && !page.isFull; chunk = await read(after)) after = await page.take(chunk);
  const next = page.isFull && chunk.length > 0 ? after : undefined;
  // If the table has changed in the meantime, the page belongs to no generation.
  const isSteady = generation === (await generations.of(query));
  return {
    generation: isSteady ? generation : noGeneration(),
    images: page.images,
    unreadable: page.unreadable || undefined,
    next,
  };
}

class PageCutter {
  readonly images: CatalogEntry[] = [];
  unreadable = 0;
  isFull = false;
  readonly #query: ListQuery;
  readonly #describe: (entry: StoredEntry) => CatalogEntry;
  readonly #matcher: PatientMatcher | undefined;
  readonly #pace = new Pace();
  readonly #deadline = performance.now() + MAX_TIME;
  #bytes = 0;

  constructor(query: ListQuery, describe: (entry: StoredEntry) => CatalogEntry) {
    this.#query = query;
    this.#describe = describe;
    this.#matcher = query.globs && new PatientMatcher(query.globs, query.signal);
  }

  /** Takes as many `entries` as fit. Returns the name of the last one examined. */
  async take(entries: readonly StoredEntry[]): Promise<string> {
    const { signal, limit } = this.#query;
    for (const entry of entries) {
      throwIfCancelled(signal);
      const turn = this.#pace.step();
      if (turn) await turn;
      if (!this.#matcher || (await this.#matcher.test(entry.name))) this.#add(entry);
      // No page may end here: the name would appear in `next`, and that of a folder is not valid.
      if (isFolder(entry.name)) continue;
      this.isFull =
        this.images.length >= limit || this.#bytes > MAX_BYTES || performance.now() > this.#deadline;
      if (this.isFull) return entry.name;
    }
    return entries.at(-1)!.name;
  }

  #add(entry: StoredEntry): void {
    if (entry.unreadable !== undefined) return void this.unreadable++;
    this.images.push(this.#describe(entry));
    this.#bytes +=
      ENTRY_BYTES + (this.#query.facts ? FACTS_BYTES : 0) + Buffer.byteLength(JSON.stringify(entry.name));
  }
}

function isFolder(name: string): boolean {
  return name.endsWith('/');
}

/** Matches names, and folders that may contain matches, against globs. Yields to other work between costly globs. */
class PatientMatcher {
  readonly #matchers: readonly { cost: number; matches: (name: string) => boolean }[];
  readonly #signal: AbortSignal | undefined;
  readonly #pace = new Pace(COST_BETWEEN_LOOKS);

  constructor(globs: readonly string[], signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#matchers = globs.map((glob) => {
      const matches = globMatcher([glob]);
      const matchesOrReaches = (name: string) => (isFolder(name) ? mayReachInto(glob, name) : matches(name));
      return { cost: glob.length, matches: matchesOrReaches };
    });
  }

  async test(name: string): Promise<boolean> {
    for (const { cost, matches } of this.#matchers) {
      if (matches(name)) return true;
      const turn = this.#pace.step(cost * name.length);
      if (!turn) continue;
      await turn;
      throwIfCancelled(this.#signal);
    }
    return false;
  }
}
