import { randomBytes } from 'node:crypto';
import { globMatcher, mayReachInto } from '../../names';
import type { StoredEntry } from '../../stores';
import { throwIfCancelled, type CatalogEntry, type ListPage, type ListQuery } from '../catalog';
import { Pace } from '../../pace';
import { generationOf, type EntryTable } from './entry-table';

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
  query: ListQuery,
  describe: (entry: StoredEntry) => CatalogEntry,
): Promise<ListPage> {
  const generation = generationOf(table, query);
  if (generation === query.unless) return { generation, unchanged: true, images: [] };
  const page = new PageCutter(query, describe);
  const most = query.globs ? CHUNK : Math.min(CHUNK, query.limit);
  let after = query.after;
  let chunk = table.next(after, most);
  for (; chunk.length > 0 && !page.isFull; chunk = table.next(after, most)) {
    after = await page.take(chunk);
  }
  const next = page.isFull && chunk.length > 0 ? after : undefined;
  // If the table has changed in the meantime, the page belongs to no generation.
  const isSteady = generation === generationOf(table, query);
  return {
    generation: isSteady ? generation : `mixed-${randomBytes(8).toString('hex')}`,
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
    const { mayRead, signal, limit } = this.#query;
    for (const entry of entries) {
      throwIfCancelled(signal);
      const turn = this.#pace.step();
      if (turn) await turn;
      // No page may end here: the name would appear in `next`.
      if (mayRead && !mayRead(entry.name)) continue;
      if (!this.#matcher || (await this.#matcher.test(entry.name))) this.#add(entry);
      // Nor here: an unreadable folder is not a valid name.
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
