import type { Facts } from '../../facts';

/** Facts that were found before. They hold for exactly the version that they were kept for. */
export interface FactsStore {
  get(name: string, version: string): Facts | undefined;
  keep(name: string, version: string, facts: Facts): void;
  /** Writes what is not written yet. After that it knows and keeps nothing. */
  close(): void;
}

/** Entries in memory: some 60 MB of them. */
const MAX_ENTRIES = 100_000;

/** Facts in memory, where there is no disk for them. If there are too many, those that came first go. */
export class MemoryFacts implements FactsStore {
  readonly #kept = new Map<string, { readonly version: string; readonly facts: Facts }>();
  readonly #most: number;

  constructor(most = MAX_ENTRIES) {
    this.#most = most;
  }

  get(name: string, version: string): Facts | undefined {
    const kept = this.#kept.get(name);
    return kept?.version === version ? kept.facts : undefined;
  }

  keep(name: string, version: string, facts: Facts): void {
    this.#kept.delete(name);
    this.#kept.set(name, { version, facts });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest);
  }

  close(): void {
    this.#kept.clear();
  }
}
