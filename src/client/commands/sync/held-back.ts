import { InTheWay } from '../../disk/disk-errors';
import type { Doubtful } from '../../index/index-filter';
import type { DownloadResult } from '../../result';

/** What is remembered at most; of the others it is told at once that they failed, and the next sync brings them. */
const MOST_HELD = 10_000;

/** An image that something is in the way of, and how that was told. */
export interface Held {
  readonly one: Doubtful;
  readonly result: DownloadResult;
  readonly obstacle: string;
}

/** Images that something is in the way of which a deletion may clear: they are tried again after it. */
export class HeldBack {
  readonly #underWay = new Map<string, Doubtful>();
  #held: Held[] = [];

  /** `all`, remembered until `holds` is asked about each. */
  async *watched(
    all: AsyncGenerator<readonly Doubtful[], void, undefined>,
  ): AsyncGenerator<readonly Doubtful[], void, undefined> {
    for await (const some of all) {
      for (const one of some) this.#underWay.set(one.name, one);
      yield some;
    }
  }

  /** Whether the result is not to be told yet. */
  holds(result: DownloadResult): boolean {
    const one = this.#underWay.get(result.name);
    this.#underWay.delete(result.name);
    const { error } = result;
    if (!one || !(error instanceof InTheWay) || this.#held.length >= MOST_HELD) return false;
    const { name, entry, locked } = one;
    // Without what was seen there: that is to be looked at again.
    this.#held.push({
      one: { name, entry, ...(locked && { locked }) },
      result,
      obstacle: error.obstacle,
    });
    return true;
  }

  /** What was held, once. */
  take(): readonly Held[] {
    return this.#held.splice(0);
  }

  get obstacles(): ReadonlySet<string> {
    return new Set(this.#held.map(({ obstacle }) => obstacle));
  }
}
