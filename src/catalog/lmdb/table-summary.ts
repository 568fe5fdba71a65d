import type { StoredEntry } from '../../stores';
import { stateDigest, StateSum } from '../table/state-sum';

/** Totals over all entries of a table. */
export interface TableSummary {
  readonly images: number;
  readonly bytes: number;
  /** As of `StateSum`, in hexadecimal. */
  readonly sum: string;
  /** Record numbers given out so far. */
  readonly slots: number;
  /** Entries that can't be read and don't count as images. Missing in summaries of earlier versions. */
  readonly unreadable?: number;
}

export const EMPTY_SUMMARY: TableSummary = { images: 0, bytes: 0, sum: new StateSum().hex, slots: 0 };

/** A summary that is updated entry by entry. */
export class Tally {
  slots: number;
  #images: number;
  #bytes: number;
  #unreadable: number;
  readonly #sum: StateSum;
  /** What has come or gone. */
  readonly changed: StoredEntry[] = [];

  constructor({ images, bytes, sum, slots, unreadable = 0 }: TableSummary) {
    this.slots = slots;
    this.#images = images;
    this.#bytes = bytes;
    this.#unreadable = unreadable;
    this.#sum = new StateSum(sum);
  }

  get summary(): TableSummary {
    const { hex: sum } = this.#sum;
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
    this.#sum.toggle(stateDigest(entry));
    this.changed.push(entry);
  }
}
