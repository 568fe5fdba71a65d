import { foldName } from '../../../names';
import { EVERYTHING } from '../../plan/scope';
import type { SyncContext } from './context';
import { SteadyListing } from './wanted-list';

/** Hashes of keys, eight bytes each. */
class Hashes {
  #hashes = new Float64Array(1024);
  #count = 0;

  add(key: string): void {
    if (this.#count === this.#hashes.length) {
      const more = new Float64Array(this.#count * 2);
      more.set(this.#hashes);
      this.#hashes = more;
    }
    this.#hashes[this.#count++] = hash(key);
  }

  sorted(): Float64Array {
    return this.#hashes.subarray(0, this.#count).sort();
  }
}

/** 52 bits. */
function hash(key: string): number {
  let high = 0x811c9dc5;
  let low = 0x1000193;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b) ^ (low >>> 13);
  }
  return (high >>> 0) * 0x100000 + (low >>> 12);
}

/** Finds keys that occur more than once, remembering eight bytes of each. */
export class Clashes {
  #hashes = new Hashes();
  readonly #twice = new Set<number>();

  count(key: string): void {
    this.#hashes.add(key);
  }

  /** Call it when all keys are counted. */
  findTwice(): void {
    const sorted = this.#hashes.sorted();
    for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) this.#twice.add(sorted[i]!);
    this.#hashes = new Hashes();
  }

  /** False: it occurred once. True: very likely more often. */
  mayHave(key: string): boolean {
    return this.#twice.has(hash(key));
  }
}

/** The names of a whole list, regardless of case and Unicode form: eight bytes of each. */
export class ListedKeys {
  readonly generation: string | undefined;
  readonly #sorted: Float64Array;

  private constructor(generation: string | undefined, sorted: Float64Array) {
    this.generation = generation;
    this.#sorted = sorted;
  }

  /** Include names that are out of scope: those files must not be deleted either. */
  static async of({ wanted }: Pick<SyncContext, 'wanted'>): Promise<ListedKeys> {
    const listing = new SteadyListing();
    const hashes = new Hashes();
    for await (const images of listing.read(wanted.pages, EVERYTHING)) {
      for (const { name } of images) hashes.add(foldName(name));
    }
    return new ListedKeys(listing.generation, hashes.sorted());
  }

  /** True: very likely; false: certainly not. */
  mayHave(name: string): boolean {
    const wanted = hash(foldName(name));
    let from = 0;
    for (let to = this.#sorted.length; from < to;) {
      const middle = (from + to) >>> 1;
      if (this.#sorted[middle]! < wanted) from = middle + 1;
      else to = middle;
    }
    return this.#sorted[from] === wanted;
  }
}
