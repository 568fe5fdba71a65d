import type { Range } from './delivery-frames';

/** Milliseconds for a client to ask for the next part: what it was sent last may lie before a disk that is slow. */
const NEXT_PART = 5000;
/** Images that are remembered, of all clients. */
const MOST_IMAGES = 256;

interface Unfinished {
  readonly host: string;
  /** Bytes that no part has brought yet. */
  missing: number;
  /** When it is forgotten, by `performance.now()`. */
  until: number;
}

/**
 * Images of which a client was sent some parts and has not asked for the others yet. A client spreads the parts over
 * its connections, of which each may have nothing to do for a moment: they are told apart by its address.
 */
export class UnfinishedImages {
  /** The one that was sent last comes last. */
  readonly #images = new Map<string, Unfinished>();

  /** A part was sent to `host`. */
  sent(host: string, image: { name: string; version: string; size: number }, range: Range): void {
    const key = [host, image.version, image.name].join('\0');
    const before = this.#images.get(key)?.missing ?? image.size - range.offset;
    this.#images.delete(key);
    const missing = before - range.length;
    if (missing > 0) this.#images.set(key, { host, missing, until: performance.now() + NEXT_PART });
    this.#forgetOld();
  }

  /** Whether `host` is about to ask for more of an image. */
  has(host: string): boolean {
    this.#forgetOld();
    return [...this.#images.values()].some((one) => one.host === host);
  }

  #forgetOld(): void {
    const now = performance.now();
    for (const [key, { until }] of this.#images) {
      if (until > now && this.#images.size <= MOST_IMAGES) return;
      this.#images.delete(key);
    }
  }
}
