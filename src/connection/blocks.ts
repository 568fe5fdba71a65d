/** Bytes of a block. */
const BLOCK = 524_288;
/** Bytes that a read should find room for, at least. */
const ROOM = 65_536;
/** Blocks that are kept for later: 8 MiB. */
const MOST_IDLE = 16;

/**
 * Memory that a socket's bytes are received into, one read behind the other. It is used again once all that lies in it
 * was released. Of bytes that nobody releases the block goes the way of all memory, and is replaced.
 */
export class Block {
  readonly #bytes: Buffer;
  /** Bytes from the begin on that hold something. */
  #filled = 0;
  /** Of these, bytes that may still be read by somebody. */
  #held = 0;
  /** Nothing more is received into it. */
  #isClosed = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  static take(): Block {
    return idle.pop() ?? newBlock();
  }

  /** Where the next read may put its bytes; undefined if too little of it is left. */
  room(): Buffer | undefined {
    // What has just been in the processor's cache is best overwritten.
    if (this.#held === 0) this.#filled = 0;
    return this.#filled + ROOM > BLOCK ? undefined : this.#bytes.subarray(this.#filled);
  }

  /** So many bytes were received into `room`. */
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
    // From here on it is as good as new, and can't come here again before it was taken and closed again.
    this.#isClosed = false;
    if (idle.length < MOST_IDLE) idle.push(this);
  }
}

const idle: Block[] = [];
/** The block that each piece of memory is. */
const owners = new WeakMap<ArrayBufferLike, Block>();

function newBlock(): Block {
  const bytes = Buffer.allocUnsafeSlow(BLOCK);
  const block = new Block(bytes);
  owners.set(bytes.buffer, block);
  return block;
}

/** Says that `bytes`, which came from a connection, will not be looked at again. At most once for each of them. */
export function release(bytes: Buffer): void {
  owners.get(bytes.buffer)?.release(bytes.length);
}
