/** Bytes that all packs on their way may take together, and what is kept of them for the next. */
const BUDGET = 67_108_864;
const MAX_IDLE = 4_194_304;

/**
 * Buffers for packs, used again. A buffer is busy until the socket has taken it, so clients that don't read could take
 * them all: whoever finds none left does without, and nobody waits for one.
 */
export class PackBuffers {
  readonly #size: number;
  readonly #most: number;
  readonly #idle: Buffer[] = [];
  #used = 0;

  /** Of `size` bytes each. */
  constructor(size: number, budget = BUDGET) {
    this.#size = size;
    this.#most = Math.floor(budget / size);
  }

  take(): Buffer | undefined {
    if (this.#used >= this.#most) return undefined;
    this.#used++;
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#size);
  }

  giveBack(buffer: Buffer): void {
    this.#used--;
    if ((this.#idle.length + 1) * this.#size <= MAX_IDLE) this.#idle.push(buffer);
  }
}
