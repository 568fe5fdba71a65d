import type { Channel } from './channel';

/** The burst size, in milliseconds at the limit: pauses stay short, and no connection looks dead. */
const BURST = 100;

/** Limits the rate over all connections by not reading while too much has arrived: TCP then slows the server down. */
export class RateLimit {
  /** Bytes per millisecond. */
  readonly #rate: number;
  readonly #now: () => number;
  readonly #held = new Set<Pick<Channel, 'hold' | 'release'>>();
  /** Bytes that may arrive now; negative: bytes that arrived too early. */
  #credit: number;
  #since: number;
  #timer: NodeJS.Timeout | undefined;

  /** `now` returns milliseconds. */
  constructor(bytesPerSecond: number, now: () => number = () => performance.now()) {
    this.#rate = bytesPerSecond / 1000;
    this.#now = now;
    this.#credit = this.#rate * BURST;
    this.#since = now();
  }

  /** Counts bytes that arrived on `channel`, and holds it if they were too early. */
  arrived(bytes: number, channel: Pick<Channel, 'hold' | 'release'>): void {
    this.#earn();
    this.#credit -= bytes;
    if (this.#credit >= 0 || this.#held.has(channel)) return;
    this.#held.add(channel);
    channel.hold();
    this.#timer ??= setTimeout(() => this.#release(), this.#wait);
  }

  /** Removes the limit. */
  end(): void {
    clearTimeout(this.#timer);
    this.#releaseAll();
  }

  get #wait(): number {
    return Math.ceil(Math.max(0, -this.#credit) / this.#rate);
  }

  #earn(): void {
    const now = this.#now();
    this.#credit = Math.min(this.#rate * BURST, this.#credit + (now - this.#since) * this.#rate);
    this.#since = now;
  }

  /** Also waits for what another connection has received in the meantime. */
  #release(): void {
    this.#earn();
    if (this.#wait > 0) this.#timer = setTimeout(() => this.#release(), this.#wait);
    else this.#releaseAll();
  }

  #releaseAll(): void {
    this.#timer = undefined;
    const held = [...this.#held];
    this.#held.clear();
    for (const channel of held) channel.release();
  }
}
