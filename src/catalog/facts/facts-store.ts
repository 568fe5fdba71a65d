import type { Facts } from '../../facts';

/** Facts found earlier. They apply only to the version they were stored for. */
export interface FactsStore {
  get(name: string, version: string): Facts | undefined;
  keep(name: string, version: string, facts: Facts): void;
  /** Writes pending facts. After that the store is empty and ignores new ones. */
  close(): void;
}

/** Maximum entries in memory, about 60 MB. */
const MAX_ENTRIES = 100_000;

/** Facts in memory, for servers without a state folder. If there are too many, the oldest are dropped. */
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
