import { hash } from 'node:crypto';
import type { StoredEntry } from '../../stores';
import { stateKey } from './entry-table';

const BYTES = 16;

/** XOR of the digests of entries' states: the same in whatever order they come. */
export class StateSum {
  readonly #sum: Buffer;

  constructor(hex = '00'.repeat(BYTES)) {
    this.#sum = Buffer.from(hex, 'hex');
  }

  get hex(): string {
    return this.#sum.toString('hex');
  }

  /** Adds an entry, given by its `stateDigest`; removes it if it is there already. */
  toggle(digest: Uint8Array): void {
    for (let i = 0; i < BYTES; i++) this.#sum[i]! ^= digest[i]!;
  }
}

/** Valid until the next call. */
export function stateDigest(entry: StoredEntry): Uint8Array {
  // As much of the digest as fits.
  digest.write(hash('sha256', stateKey(entry)), 'hex');
  return digest;
}

const digest = Buffer.alloc(BYTES);
