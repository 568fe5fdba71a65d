/** Milliseconds of long work in one turn of the event loop. */
const SLICE = 8;

/**
 * What all long work of the process has of one turn of the event loop: a slice together, whoever and however many ask.
 * Beyond it they wait in line, and each turn of the loop lets the next ones go on for a slice; so sockets, timers and
 * pings wait for one slice and not for the sum of them.
 */
class LoopShare {
  readonly #waiting: (() => void)[] = [];
  /** When the work of this turn of the loop began, if it has. */
  #began: number | undefined;

  /** The promise, if any, is to be awaited before work goes on. */
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

  /** Most of those who wait need much less than a slice. */
  async #resumeSome(): Promise<void> {
    const began = performance.now();
    this.#begin(began);
    while (this.#waiting.length > 0 && performance.now() - began < SLICE) {
      this.#waiting.shift()!();
      // Whoever was resumed works now, up to where it waits again.
      await Promise.resolve();
    }
  }
}

const share = new LoopShare();

/** To be awaited, where there is something to await, before work begins that a client can ask for as often as it likes. */
export function takeTurn(): Promise<void> | undefined {
  return share.turn();
}

/** Lets long work in many small steps give way to others now and then. */
export class Pace {
  readonly #costBetweenLooks: number;
  #cost = 0;

  /** The clock is looked at whenever steps of so much cost were made. */
  constructor(costBetweenLooks = 1000) {
    this.#costBetweenLooks = costBetweenLooks;
  }

  /** Counts a step; the promise, if any, is to be awaited before the next. */
  step(cost = 1): Promise<void> | undefined {
    this.#cost += cost;
    if (this.#cost < this.#costBetweenLooks) return undefined;
    this.#cost = 0;
    return share.turn();
  }
}
