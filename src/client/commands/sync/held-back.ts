import { InTheWay } from '../../disk/disk-errors';
import type { Doubtful } from '../../index/index-filter';
import type { DownloadResult } from '../../result';

/** Most remembered images; the others fail at once, and the next sync downloads them. */
const MOST_HELD = 10_000;

/** An image that something is in the way of, and its result. */
export interface Held {
  readonly one: Doubtful;
  readonly result: DownloadResult;
  readonly obstacle: string;
}

/** Images whose obstacle a deletion may clear away: they are tried again after it. */
export class HeldBack {
  readonly #underWay = new Map<string, Doubtful>();
  #held: Held[] = [];

  /** Yields `all`, remembering each until `holds` is called for it. */
  async *watched(
    all: AsyncGenerator<readonly Doubtful[], void, undefined>,
  ): AsyncGenerator<readonly Doubtful[], void, undefined> {
    for await (const some of all) {
      for (const one of some) this.#underWay.set(one.name, one);
      yield some;
    }
  }

  /** Whether the result must not be reported yet. */
  holds(result: DownloadResult): boolean {
    const one = this.#underWay.get(result.name);
    this.#underWay.delete(result.name);
    const { error } = result;
    if (!one || !(error instanceof InTheWay) || this.#held.length >= MOST_HELD) return false;
    const { name, entry, locked } = one;
    // Without what was found there: that must be checked again.
    this.#held.push({
      one: { name, entry, ...(locked && { locked }) },
      result,
      obstacle: error.obstacle,
    });
    return true;
  }

  /** Returns what was held back, once. */
  take(): readonly Held[] {
    return this.#held.splice(0);
  }

  get obstacles(): ReadonlySet<string> {
    return new Set(this.#held.map(({ obstacle }) => obstacle));
  }
}
