import type { Rendition } from '../rendition';

/** Bytes of all: some 2,500 thumbnails. */
const MOST_BYTES = 32 * 1_048_576;
/** A larger one would drive out many others, and costs little beside sending it. */
const MOST_BYTES_OF_ONE = 256 * 1024;

/** Renditions in memory. If there are too many, the least recently used are dropped. */
export class RecentRenditions {
  readonly #kept = new Map<string, Rendition>();
  readonly #mostBytes: number;
  #bytes = 0;
  hits = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  get(key: string): Rendition | undefined {
    const rendition = this.#kept.get(key);
    if (!rendition) return undefined;
    this.hits++;
    this.#kept.delete(key);
    this.#kept.set(key, rendition);
    return rendition;
  }

  add(key: string, rendition: Rendition): void {
    if (rendition.bytes.length > MOST_BYTES_OF_ONE || this.#kept.has(key)) return;
    this.#kept.set(key, rendition);
    this.#bytes += rendition.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}
