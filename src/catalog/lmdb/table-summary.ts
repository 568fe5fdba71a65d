import { hash } from 'node:crypto';
import type { StoredEntry } from '../../stores';
import { stateKey } from '../table/entry-table';

const BYTES = 16;

/** Totals over all entries of a table. */
export interface TableSummary {
  readonly images: number;
  readonly bytes: number;
  /** XOR of the digests of all names with their versions, in hexadecimal: the same in any order. */
  readonly sum: string;
  /** Record numbers given out so far. */
  readonly slots: number;
  /** Entries that can't be read and don't count as images. Missing in summaries of earlier versions. */
  readonly unreadable?: number;
}

export const EMPTY_SUMMARY: TableSummary = { images: 0, bytes: 0, sum: '00'.repeat(BYTES), slots: 0 };

/** A summary that is updated entry by entry. */
export class Tally {
  slots: number;
  #images: number;
  #bytes: number;
  #unreadable: number;
  readonly #sum: Buffer;
  readonly #digest = Buffer.alloc(BYTES);

  constructor({ images, bytes, sum, slots, unreadable = 0 }: TableSummary) {
    this.slots = slots;
    this.#images = images;
    this.#bytes = bytes;
    this.#unreadable = unreadable;
    this.#sum = Buffer.from(sum, 'hex');
  }

  get summary(): TableSummary {
    const sum = this.#sum.toString('hex');
    return { images: this.#images, bytes: this.#bytes, unreadable: this.#unreadable, sum, slots: this.slots };
  }

  add(entry: StoredEntry): void {
    this.#count(entry, 1);
  }

  remove(entry: StoredEntry): void {
    this.#count(entry, -1);
  }

  #count(entry: StoredEntry, sign: 1 | -1): void {
    if (entry.unreadable === undefined) {
      this.#images += sign;
      this.#bytes += sign * entry.size;
    } else {
      this.#unreadable += sign;
    }
    // As much of the digest as fits.
    this.#digest.write(hash('sha256', stateKey(entry)), 'hex');
    // XOR both adds and removes an entry.
    for (let i = 0; i < BYTES; i++) this.#sum[i]! ^= this.#digest[i]!;
  }
}
