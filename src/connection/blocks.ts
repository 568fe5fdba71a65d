/** Size of a block, in bytes. */
const BLOCK = 524_288;
/** Least room for a read, in bytes. */
const ROOM = 65_536;
/** Most idle blocks kept for reuse: 8 MiB. */
const MOST_IDLE = 16;

/**
 * Memory that a socket's bytes are received into, one read after the other. It is reused once all bytes in it were
 * released. A block with bytes that nobody releases is left to the garbage collector and replaced.
 */
export class Block {
  readonly #bytes: Buffer;
  /** Bytes filled, from the start. */
  #filled = 0;
  /** How many of them are not released yet. */
  #held = 0;
  /** Nothing more is received into this block. */
  #isClosed = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  static take(): Block {
    return idle.pop() ?? newBlock();
  }

  /** Where the next read may put its bytes; undefined if too little room is left. */
  room(): Buffer | undefined {
    // Reuse first what is still in the processor's cache.
    if (this.#held === 0) this.#filled = 0;
    return this.#filled + ROOM > BLOCK ? undefined : this.#bytes.subarray(this.#filled);
  }

  /** Notes that this many bytes were received into `room`. */
  received(bytes: number): void {
    this.#filled += bytes;
    this.#held += bytes;
  }

  release(bytes: number): void {
    if (bytes > this.#held) throw new RangeError('Received bytes were released twice.');
    this.#held -= bytes;
    this.#keepIfIdle();
  }

  close(): void {
    this.#isClosed = true;
    this.#keepIfIdle();
  }

  #keepIfIdle(): void {
    if (!this.#isClosed || this.#held > 0) return;
    // Now it is as good as new. It can't get here again before it was taken and closed again.
    this.#isClosed = false;
    if (idle.length < MOST_IDLE) idle.push(this);
  }
}

const idle: Block[] = [];
/** The block of each ArrayBuffer. */
const owners = new WeakMap<ArrayBufferLike, Block>();

function newBlock(): Block {
  const bytes = Buffer.allocUnsafeSlow(BLOCK);
  const block = new Block(bytes);
  owners.set(bytes.buffer, block);
  return block;
}

/** Declares that `bytes`, which came from a connection, will not be read again. Call it at most once for each byte. */
export function release(bytes: Buffer): void {
  owners.get(bytes.buffer)?.release(bytes.length);
}
