import type { Database } from 'lmdb';
import type { Facts } from '../../facts';
import type { FactsStore } from '../facts/facts-store';
import { formatFacts, parseFactsRecord } from './record';
import { FACTS, type LmdbRoot } from './root';
import { WriteBehind } from './write-behind';

interface Collected {
  readonly version: string;
  readonly facts: Facts;
}

/** Facts on disk. */
export class LmdbFacts implements FactsStore {
  readonly #table: Database<string, Buffer>;
  readonly #behind: WriteBehind<Collected>;
  readonly #onError: (error: unknown) => void;
  /** LMDB crashes if it is used after its root was closed. */
  #isClosed = false;

  constructor(root: LmdbRoot, kind: string, onError: (error: unknown) => void) {
    this.#table = root.table(FACTS + kind, { keyEncoding: 'binary', encoding: 'string' });
    this.#onError = onError;
    this.#behind = new WriteBehind(root, {
      put: (collected) => this.#putAll(collected),
      bytesOf: () => 0,
      onError,
    });
  }

  get(name: string, version: string): Facts | undefined {
    const pending = this.#behind.pending(name);
    if (pending?.version === version) return pending.facts;
    if (this.#isClosed) return undefined;
    try {
      return parseFactsRecord(this.#table.get(Buffer.from(name)), name, version);
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  keep(name: string, version: string, facts: Facts): void {
    this.#behind.keep(name, { version, facts });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#behind.close();
    this.#isClosed = true;
  }

  #putAll(collected: ReadonlyMap<string, Collected>): void {
    for (const [name, { version, facts }] of collected)
      void this.#table.put(Buffer.from(name), formatFacts(name, version, facts));
  }
}
