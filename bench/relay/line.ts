export interface LineOptions {
  readonly bytesPerSecond: number;
  /** One way. */
  readonly delayMs: number;
  /** Length of the queue, as time at the rate; beyond it senders wait, and nothing is lost. */
  readonly queueMs: number;
}

/** Puts one piece on the line and returns whether there may be more. */
export type Turn = () => boolean;

interface Parcel {
  readonly due: number;
  readonly deliver: () => void;
}

/** One direction of the link, shared by all connections: bytes are sent at the rate and arrive after the delay. */
export class Line {
  readonly #options: LineOptions;
  readonly #waiting = new Set<Turn>();
  #parcels: Parcel[] = [];
  #freeAt = 0;
  #isTicking = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Gives a sender its turn as soon as the line has room, in rotation with all others. */
  ask(turn: Turn): void {
    this.#waiting.add(turn);
    this.#serve();
  }

  send(bytes: number, deliver: () => void): void {
    const { bytesPerSecond, delayMs } = this.#options;
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + (bytes * 1000) / bytesPerSecond;
    this.#parcels.push({ due: this.#freeAt + delayMs, deliver });
    this.#wake();
  }

  #serve(): void {
    for (const turn of this.#waiting) {
      if (this.#isFull) break;
      this.#waiting.delete(turn);
      // Added again, it comes last: a Set iterates in insertion order.
      if (turn()) this.#waiting.add(turn);
    }
    if (this.#waiting.size > 0) this.#wake();
  }

  get #isFull(): boolean {
    return this.#freeAt - performance.now() > this.#options.queueMs;
  }

  #wake(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    setTimeout(() => this.#tick(), 1);
  }

  #tick(): void {
    this.#isTicking = false;
    const now = performance.now();
    const count = this.#parcels.findIndex(({ due }) => due > now);
    const due = this.#parcels.splice(0, count < 0 ? this.#parcels.length : count);
    for (const { deliver } of due) deliver();
    this.#serve();
    if (this.#parcels.length > 0) this.#wake();
  }
}
