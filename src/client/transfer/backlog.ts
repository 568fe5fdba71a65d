import type { Channel } from '../net/channel';

/** Bytes that may wait for the disk before the server is slowed down. */
const MOST_WAITING = 16 * 1_048_576;

/**
 * The bytes that wait for the disk, over all images of a download: hundreds of small images fill the memory too, although
 * each has far too few waiting bytes to slow the server down by itself.
 */
export class Backlog {
  readonly #held = new Set<Pick<Channel, 'hold' | 'release'>>();
  #bytes = 0;

  /** Counts bytes that arrived on `channel` and are waiting. */
  grow(bytes: number, channel: Pick<Channel, 'hold' | 'release'>): void {
    this.#bytes += bytes;
    if (this.#bytes <= MOST_WAITING || this.#held.has(channel)) return;
    this.#held.add(channel);
    channel.hold();
  }

  /** Counts bytes that were written or given up. */
  shrink(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes > MOST_WAITING / 4) return;
    for (const channel of this.#held) channel.release();
    this.#held.clear();
  }
}
