const SMALLEST = 1024;
/** Shared, so that ten thousand idle connections don't each hold their own. */
const NOTHING = Buffer.alloc(0);

/**
 * Collects pieces into one buffer that is at most twice as large as what has arrived: a sender that announces much and
 * sends little, or sends byte by byte, can't make the receiver allocate more than that.
 */
export class GrowingBuffer {
  #bytes = NOTHING;
  #filled = 0;

  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  /** Appends a copy of `piece`; `expected` more bytes were announced. */
  append(piece: Buffer, expected: number): void {
    const needed = this.#filled + piece.length;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.min(needed + expected, Math.max(SMALLEST, 2 * needed)));
      this.#bytes.copy(grown, 0, 0, this.#filled);
      this.#bytes = grown;
    }
    piece.copy(this.#bytes, this.#filled);
    this.#filled = needed;
  }

  /** Returns what was collected; the buffer is empty afterwards. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#filled);
    this.#bytes = NOTHING;
    this.#filled = 0;
    return taken;
  }
}
