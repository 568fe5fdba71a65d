import type { BufferPool } from './buffer-pool';

const MAX_IN_FLIGHT = 2;

/** The buffers of one delivery that the socket has not taken yet. */
export class InFlight {
  readonly #pool: BufferPool;
  #count = 0;
  #landed: (() => void) | undefined;

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  /** A buffer to fill, once the socket has taken enough of those before. */
  async nextBuffer(wanted: number): Promise<Buffer> {
    while (this.#count >= MAX_IN_FLIGHT) await new Promise<void>((resolve) => (this.#landed = resolve));
    return this.#pool.take(wanted);
  }

  /** `buffer` is handed to the socket; the function is to be called when it is no longer needed there. */
  launch(buffer: Buffer): () => void {
    this.#count++;
    return () => {
      this.#count--;
      this.#pool.giveBack(buffer);
      this.#landed?.();
      this.#landed = undefined;
    };
  }
}
