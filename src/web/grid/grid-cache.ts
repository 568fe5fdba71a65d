import type { Catalog } from '../../catalog';
import type { Grant } from '../../access';
import { Gate } from '../../pace';
import { buildIndex, foldersIn, type GridIndex, type GridQuery, type Subfolder } from './grid-index';

/** Maximum names in all indexes together; the newest index is kept in any case. */
const MAX_NAMES = 300_000;
/** An index counts as this many names more: its key alone may be as long as a request. */
const NAMES_PER_INDEX = 1000;
/** Indexes that are built at the same time: each may take 100 MB. */
const AT_ONCE = 2;
/**
 * An index in which some ratios are unknown may be used for this many milliseconds, or this many times as long as it took
 * to build, whichever is longer: otherwise the index of a million images would be rebuilt all the time.
 */
const INCOMPLETE_AGE = 5000;
const INCOMPLETE_RATIO = 10;

export interface CachedGrid extends GridIndex {
  readonly generation: string;
}

interface Entry {
  readonly generation: string;
  readonly query: GridQuery;
  readonly view: string | undefined;
  readonly index: Promise<GridIndex>;
  names: number;
  until: number;
}

/** Keeps the indexes of recently requested views, so that a window costs only its own images. */
export class GridCache {
  readonly #catalog: Catalog;
  readonly #entries = new Map<string, Entry>();
  readonly #gate = new Gate(AT_ONCE);

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The index of the current state. */
  async fresh(query: GridQuery, grant: Grant): Promise<CachedGrid> {
    return this.#get(await this.#generation(grant), query, grant);
  }

  /** The folders in a folder: any index of its images has them. */
  async folders(path: string, grant: Grant, signal: AbortSignal): Promise<readonly Subfolder[]> {
    const generation = await this.#generation(grant);
    for (const { query, view, index, ...entry } of this.#entries.values()) {
      if (query.path !== path || query.isDeep || view !== grant.view) continue;
      if (entry.generation !== generation) continue;
      const found = await index.catch(() => undefined);
      if (found) return found.folders;
    }
    const { mayRead, mayEnter } = grant;
    return foldersIn(this.#catalog, { path, mayRead, mayEnter, signal });
  }

  /** The index of this generation; undefined if it is neither cached nor current. */
  async of(generation: string, query: GridQuery, grant: Grant): Promise<CachedGrid | undefined> {
    if (this.#entries.get(keyOf(query, grant))?.generation === generation)
      return this.#get(generation, query, grant);
    const now = await this.fresh(query, grant);
    return now.generation === generation ? now : undefined;
  }

  async #generation(grant: Grant): Promise<string> {
    return (await this.#catalog.list({ ...grant, limit: 1 })).generation;
  }

  async #get(generation: string, query: GridQuery, grant: Grant): Promise<CachedGrid> {
    const key = keyOf(query, grant);
    const kept = this.#entries.get(key);
    const isGood = kept?.generation === generation && performance.now() < kept.until;
    const entry = isGood ? kept : this.#build(generation, query, grant);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    try {
      const index = await entry.index;
      entry.names = NAMES_PER_INDEX + index.names.length + index.folders.length;
      this.#forgetOldest();
      return { generation, ...index };
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  /** No caller can cancel it: others may be waiting for the same index. */
  #build(generation: string, query: GridQuery, { view }: Grant): Entry {
    let began = 0;
    const index = this.#gate.run(() => {
      // Waiting in line is no part of building it.
      began = performance.now();
      return buildIndex(this.#catalog, query);
    });
    const entry: Entry = { generation, query, view, index, names: NAMES_PER_INDEX, until: Infinity };
    const age = ({ isComplete }: GridIndex) => {
      if (isComplete) return;
      const now = performance.now();
      entry.until = now + Math.max(INCOMPLETE_AGE, INCOMPLETE_RATIO * (now - began));
    };
    // Whoever asked for it is told of errors.
    index.then(age, () => undefined);
    return entry;
  }

  #forgetOldest(): void {
    let names = 0;
    for (const entry of this.#entries.values()) names += entry.names;
    for (const [key, entry] of this.#entries) {
      if (names <= MAX_NAMES || this.#entries.size === 1) return;
      this.#entries.delete(key);
      names -= entry.names;
    }
  }
}

function keyOf({ path, isDeep, search, order, isDescending }: GridQuery, { view }: Grant): string {
  return JSON.stringify([path, isDeep, search, order, isDescending, view]);
}
