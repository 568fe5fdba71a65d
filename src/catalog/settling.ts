/** Milliseconds without a change after which an image counts as settled. */
export const SETTLING = 1000;

/**
 * Tells which images were changed a moment ago, while this ran: they may still be being written. What lay there at the
 * start is settled. A time in the future, after a clock was set back, says nothing, and holds nothing up for ever.
 */
export class Settling {
  readonly #now: () => number;
  readonly #start: number;

  /** `now` gives milliseconds since 1970, on the clock that the store's times are of. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#start = now();
  }

  /** Whether an image that was changed last at `changedAt`, in milliseconds since 1970, may change further. */
  isUnsettled(changedAt: number): boolean {
    return changedAt > this.#start && Math.abs(this.#now() - changedAt) < SETTLING;
  }
}
