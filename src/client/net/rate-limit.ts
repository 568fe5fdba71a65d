import type { Channel } from './channel';

/** Milliseconds' worth of bytes that may come at once: pauses stay short, and no connection looks dead. */
const BURST = 100;

/** Limits what comes, all connections together, by not reading while too much has come: TCP then slows the server down. */
export class RateLimit {
  /** Bytes per millisecond. */
  readonly #rate: number;
  readonly #now: () => number;
  readonly #held = new Set<Pick<Channel, 'hold' | 'release'>>();
  /** Bytes that may come now; below zero: that came too early. */
  #credit: number;
  #since: number;
  #timer: NodeJS.Timeout | undefined;

  /** `now` gives milliseconds. */
  constructor(bytesPerSecond: number, now: () => number = () => performance.now()) {
    this.#rate = bytesPerSecond / 1000;
    this.#now = now;
    this.#credit = this.#rate * BURST;
    this.#since = now();
  }

  /** So many bytes came on `channel`, which is held if that was too early. */
  arrived(bytes: number, channel: Pick<Channel, 'hold' | 'release'>): void {
    this.#earn();
    this.#credit -= bytes;
    if (this.#credit >= 0 || this.#held.has(channel)) return;
    this.#held.add(channel);
    channel.hold();
    this.#timer ??= setTimeout(() => this.#release(), this.#wait);
  }

  /** Lets everything come. */
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

  /** What another connection received meanwhile has to be waited for as well. */
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
