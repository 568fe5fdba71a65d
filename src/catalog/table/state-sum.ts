import { hash } from 'node:crypto';
import type { StoredEntry } from '../../stores';
import { stateKey } from './entry-table';

const BYTES = 16;

/** XOR of the digests of entries' states: the same in whatever order they come. */
export class StateSum {
  readonly #sum: Buffer;
  readonly #digest = Buffer.alloc(BYTES);

  constructor(hex = '00'.repeat(BYTES)) {
    this.#sum = Buffer.from(hex, 'hex');
  }

  get hex(): string {
    return this.#sum.toString('hex');
  }

  /** Adds an entry; removes it if it is there already. */
  toggle(entry: StoredEntry): void {
    // As much of the digest as fits.
    this.#digest.write(hash('sha256', stateKey(entry)), 'hex');
    for (let i = 0; i < BYTES; i++) this.#sum[i]! ^= this.#digest[i]!;
  }
}
