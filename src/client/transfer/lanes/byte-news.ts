import type { Placed, Tell } from './order';

/** Milliseconds between two reports. */
const TOLD_AFTER = 50;

/** Reports the bytes of an order as they arrive: often enough for a progress display. */
export class ByteNews {
  readonly #id: number;
  readonly #tell: Tell;
  #bytes = 0;
  #toldAt = performance.now();

  constructor(id: number, tell: Tell) {
    this.#id = id;
    this.#tell = tell;
  }

  arrived(bytes: number): void {
    this.#bytes += bytes;
    const now = performance.now();
    if (now - this.#toldAt < TOLD_AFTER) return;
    this.#toldAt = now;
    this.#say([], false);
  }

  end(outcomes: readonly (Placed | undefined)[]): void {
    this.#say(outcomes, true);
  }

  #say(outcomes: readonly (Placed | undefined)[], isLast: boolean): void {
    this.#tell({ id: this.#id, outcomes, bytes: this.#bytes, isLast });
    this.#bytes = 0;
  }
}
