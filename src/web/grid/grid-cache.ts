import type { Catalog } from '../../catalog';
import type { Grant } from '../../access';
import { buildIndex, type GridIndex, type GridQuery } from './grid-index';

/** Names that all indexes together hold, beside the newest of them. */
const MAX_NAMES = 300_000;
/** Milliseconds for which an index is good whose images are still being looked at. */
const INCOMPLETE_AGE = 5000;

export interface CachedGrid extends GridIndex {
  readonly generation: string;
}

interface Entry {
  readonly generation: string;
  readonly index: Promise<GridIndex>;
  names: number;
  until: number;
}

/** Keeps the indexes of views that were asked for last, so that a window of one costs nothing but its images. */
export class GridCache {
  readonly #catalog: Catalog;
  readonly #entries = new Map<string, Entry>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** The index of the folder as it is now. */
  async fresh(query: GridQuery, grant: Grant): Promise<CachedGrid> {
    const { generation } = await this.#catalog.list({ limit: 1, view: grant.view, mayRead: grant.mayRead });
    return this.#get(generation, query, grant);
  }

  /** The index of this generation; undefined if that is not the one of now, nor kept. */
  async of(generation: string, query: GridQuery, grant: Grant): Promise<CachedGrid | undefined> {
    if (this.#entries.get(keyOf(query, grant))?.generation === generation)
      return this.#get(generation, query, grant);
    const now = await this.fresh(query, grant);
    return now.generation === generation ? now : undefined;
  }

  async #get(generation: string, query: GridQuery, grant: Grant): Promise<CachedGrid> {
    const key = keyOf(query, grant);
    const kept = this.#entries.get(key);
    const isGood = kept?.generation === generation && performance.now() < kept.until;
    const entry = isGood ? kept : this.#build(generation, query);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    try {
      const index = await entry.index;
      entry.names = index.names.length;
      if (!index.isComplete) entry.until = Math.min(entry.until, performance.now() + INCOMPLETE_AGE);
      this.#forgetOldest();
      return { generation, ...index };
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  /** Nobody who has gone ends it: others may wait for the same. */
  #build(generation: string, query: GridQuery): Entry {
    const index = buildIndex(this.#catalog, query);
    return { generation, index, names: 0, until: Infinity };
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
