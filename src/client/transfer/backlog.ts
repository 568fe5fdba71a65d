import type { Channel } from '../net/channel';

/** Bytes that may wait for the disk before the server is slowed down. */
const MOST_WAITING = 16 * 1_048_576;

/**
 * What waits for the disk, all images of a download together: hundreds of small ones, of which each is far from
 * waiting long enough by itself, fill the memory as well.
 */
export class Backlog {
  readonly #held = new Set<Pick<Channel, 'hold' | 'release'>>();
  #bytes = 0;

  /** So many bytes more wait, which came on `channel`. */
  grow(bytes: number, channel: Pick<Channel, 'hold' | 'release'>): void {
    this.#bytes += bytes;
    if (this.#bytes <= MOST_WAITING || this.#held.has(channel)) return;
    this.#held.add(channel);
    channel.hold();
  }

  /** So many bytes were written, or won't be. */
  shrink(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes > MOST_WAITING / 4) return;
    for (const channel of this.#held) channel.release();
    this.#held.clear();
  }
}
