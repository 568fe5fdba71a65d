/** Milliseconds of long work in one turn of the event loop. */
const SLICE = 8;

/**
 * All long work of the process shares one slice of each turn of the event loop, however much of it there is. When the
 * slice is used up, the rest waits in line for the next turns. So sockets, timers and pings wait for one slice at most.
 */
class LoopShare {
  readonly #waiting: (() => void)[] = [];
  /** When the work of this turn of the loop began, if it has. */
  #began: number | undefined;

  /** If this returns a promise, await it before continuing. */
  turn(): Promise<void> | undefined {
    const now = performance.now();
    if (this.#began === undefined) this.#begin(now);
    if (now - this.#began! < SLICE) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #begin(now: number): void {
    this.#began = now;
    setImmediate(this.#next);
  }

  readonly #next = (): void => {
    this.#began = undefined;
    if (this.#waiting.length > 0) void this.#resumeSome();
  };

  /** Most waiters need much less than a slice. */
  async #resumeSome(): Promise<void> {
    const began = performance.now();
    this.#begin(began);
    while (this.#waiting.length > 0 && performance.now() - began < SLICE) {
      this.#waiting.shift()!();
      // The resumed work runs now, until it waits again.
      await Promise.resolve();
    }
  }
}

const share = new LoopShare();

/** Await this, if it is a promise, before work that clients can ask for as often as they like. */
export function takeTurn(): Promise<void> | undefined {
  return share.turn();
}

/** Lets long work that has many small steps give way to others. */
export class Pace {
  readonly #costBetweenLooks: number;
  #cost = 0;

  /** The clock is read whenever steps of this total cost are done. */
  constructor(costBetweenLooks = 1000) {
    this.#costBetweenLooks = costBetweenLooks;
  }

  /** Counts a step. If it returns a promise, await that before the next step. */
  step(cost = 1): Promise<void> | undefined {
    this.#cost += cost;
    if (this.#cost < this.#costBetweenLooks) return undefined;
    this.#cost = 0;
    return share.turn();
  }
}
