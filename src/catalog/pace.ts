import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work after which others get their turn. */
const TURN = 8;

/** Lets long work in many small steps give way to others now and then. */
export class Pace {
  readonly #costBetweenLooks: number;
  #cost = 0;
  #began = performance.now();

  /** The clock is looked at whenever steps of so much cost were made. */
  constructor(costBetweenLooks = 1000) {
    this.#costBetweenLooks = costBetweenLooks;
  }

  /** Counts a step; the promise, if any, is to be awaited before the next. */
  step(cost = 1): Promise<void> | undefined {
    this.#cost += cost;
    if (this.#cost < this.#costBetweenLooks) return undefined;
    this.#cost = 0;
    return performance.now() - this.#began < TURN ? undefined : this.#giveWay();
  }

  async #giveWay(): Promise<void> {
    await setImmediate();
    this.#began = performance.now();
  }
}
