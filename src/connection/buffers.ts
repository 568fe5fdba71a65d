export const SMALLEST_BUFFER = 16_384;
export const LARGEST_BUFFER = 262_144;
/** When this many bytes are in use, only the smallest buffers are given out. */
const BUDGET = 8_388_608;
/** Unused bytes that are kept for the next request. */
const MAX_IDLE = 4_194_304;
/** The same for packs: a fast client has several in flight, and making new ones costs more than filling them. */
const MAX_IDLE_PACKS = 16_777_216;
/** Milliseconds after which packs that nobody needed are freed. */
const IDLE_FOR = 2000;
/** A buffer is at most one eighth of what is left of the budget. */
const SHARE = 8;
/** Most bytes of all packs in flight together. */
const PACK_BUDGET = 67_108_864;

/**
 * A pool of buffers for image bytes in flight. Nobody ever waits for one, because a stalled reader could keep all others
 * waiting. Instead they become smaller as more are in use, so that a thousand slow readers cost little more than the
 * budget.
 */
export class BufferPool {
  readonly #idle = new Map<number, Buffer[]>();
  readonly #budget: number;
  #idleBytes = 0;
  #usedBytes = 0;

  constructor(budget = BUDGET) {
    this.#budget = budget;
  }

  /** Bytes that are in use. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Most bytes in the next buffer. */
  get largest(): number {
    const share = (this.#budget - this.#usedBytes) / SHARE;
    if (share >= LARGEST_BUFFER) return LARGEST_BUFFER;
    return share <= SMALLEST_BUFFER ? SMALLEST_BUFFER : 2 ** Math.floor(Math.log2(share));
  }

  /** Whether so much is in use that only the smallest buffers are given out. */
  get isShort(): boolean {
    return this.largest === SMALLEST_BUFFER;
  }

  /** A buffer with room for `wanted` bytes, or as large as possible at the moment. */
  take(wanted: number): Buffer {
    let size = this.largest;
    while (size > SMALLEST_BUFFER && size / 2 >= wanted) size /= 2;
    const kept = this.#idle.get(size)?.pop();
    if (kept) this.#idleBytes -= size;
    this.#usedBytes += size;
    return kept ?? Buffer.allocUnsafeSlow(size);
  }

  giveBack(buffer: Buffer): void {
    const size = buffer.length;
    this.#usedBytes -= size;
    if (this.#idleBytes + size > MAX_IDLE) return;
    const others = this.#idle.get(size);
    if (others) others.push(buffer);
    else this.#idle.set(size, [buffer]);
    this.#idleBytes += size;
  }
}

/**
 * A pool of buffers for packs. A buffer is busy until the socket has taken it, so clients that don't read could occupy
 * them all. If none is left, a pack is made without one: nobody waits.
 */
export class PackBuffers {
  readonly #size: number;
  readonly #most: number;
  readonly #idle: Buffer[] = [];
  #used = 0;
  /** Fewest that were idle since the timer started: so many are not needed. */
  #spare = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Of `size` bytes each. */
  constructor(size: number, budget = PACK_BUDGET) {
    this.#size = size;
    this.#most = Math.floor(budget / size);
  }

  take(): Buffer | undefined {
    if (this.#used >= this.#most) return undefined;
    this.#used++;
    const kept = this.#idle.pop();
    this.#spare = Math.min(this.#spare, this.#idle.length);
    return kept ?? Buffer.allocUnsafeSlow(this.#size);
  }

  giveBack(buffer: Buffer): void {
    this.#used--;
    if ((this.#idle.length + 1) * this.#size > MAX_IDLE_PACKS) return;
    this.#idle.push(buffer);
    this.#timer ??= setInterval(() => this.#freeSpare(), IDLE_FOR).unref();
  }

  #freeSpare(): void {
    this.#idle.length -= this.#spare;
    this.#spare = this.#idle.length;
    if (this.#spare > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
