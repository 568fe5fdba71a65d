import type { BufferPool } from '../exchange/buffer-pool';

/** While the socket takes one buffer, the next is filled; not where memory is short. */
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
    while (this.#count >= this.#most) await new Promise<void>((resolve) => (this.#landed = resolve));
    return this.#pool.take(wanted);
  }

  get #most(): number {
    return this.#pool.isShort ? 1 : MAX_IN_FLIGHT;
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
