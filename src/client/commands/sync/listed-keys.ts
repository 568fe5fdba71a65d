import { foldName } from '../../../names';
import { EVERYTHING } from '../../plan/scope';
import type { SyncContext } from './context';
import { hash, Hashes } from './hashes';
import { SteadyListing } from '../../plan/listing';

/** The names of a whole list, whatever their case and Unicode form: eight bytes of each. */
export class ListedKeys {
  readonly generation: string | undefined;
  readonly #sorted: Float64Array;

  private constructor(generation: string | undefined, sorted: Float64Array) {
    this.generation = generation;
    this.#sorted = sorted;
  }

  /** Also of what is out of the scope: that file is not to go, either. */
  static async of({ wanted }: Pick<SyncContext, 'wanted'>): Promise<ListedKeys> {
    const listing = new SteadyListing();
    const hashes = new Hashes();
    for await (const images of listing.read(wanted.pages, EVERYTHING)) {
      for (const { name } of images) hashes.add(foldName(name));
    }
    return new ListedKeys(listing.generation, hashes.sorted());
  }

  /** True: very likely; false: surely not. */
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
