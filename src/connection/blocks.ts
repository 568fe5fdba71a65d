/** Bytes of a block. */
const BLOCK = 524_288;
/** Bytes that a read should find room for, at least. */
const ROOM = 65_536;
/** Blocks that are kept for later: 8 MiB. */
const MOST_IDLE = 16;
/** Blocks that other threads can read: 64 MiB, of which the system gives what is used. */
const SHARED = 128;

/**
 * Memory that a socket's bytes are received into, one read behind the other. It is used again once all that lies in it
 * was released. Of bytes that nobody releases the block goes the way of all memory, and is replaced; a shared one, which is
 * never given up, is missing from then on.
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
    return idleShared.pop() ?? idle.pop() ?? newBlock();
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

  retain(bytes: number): void {
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
    if (this.#bytes.buffer === shared) idleShared.push(this);
    else if (idle.length < MOST_IDLE) idle.push(this);
  }
}

const idle: Block[] = [];
const idleShared: Block[] = [];
/** The blocks that lie in some memory, one behind the other. */
const owners = new WeakMap<ArrayBufferLike, readonly Block[]>();
let shared: SharedArrayBuffer | undefined;

function newBlock(): Block {
  const bytes = Buffer.allocUnsafeSlow(BLOCK);
  const block = new Block(bytes);
  owners.set(bytes.buffer, [block]);
  return block;
}

/** The memory that is received into from now on, as far as it goes, so that other threads can read it. */
export function shareBlocks(): SharedArrayBuffer {
  if (shared) return shared;
  const memory = (shared = new SharedArrayBuffer(SHARED * BLOCK));
  const blocks = Array.from({ length: SHARED }, (_, i) => new Block(Buffer.from(memory, i * BLOCK, BLOCK)));
  owners.set(memory, blocks);
  idleShared.push(...blocks);
  idle.length = 0;
  return memory;
}

function ownerOf({ buffer, byteOffset }: Buffer): Block | undefined {
  return owners.get(buffer)?.[Math.floor(byteOffset / BLOCK)];
}

/** Whether `bytes` came from a connection that receives into blocks. */
export function isInBlock(bytes: Buffer): boolean {
  return owners.has(bytes.buffer);
}

/** Says that `bytes`, which came from a connection, will be looked at by one more: `release` is due once more. */
export function retain(bytes: Buffer): void {
  ownerOf(bytes)?.retain(bytes.length);
}

/** Says that `bytes`, which came from a connection, will not be looked at again. At most once for each of them. */
export function release(bytes: Buffer): void {
  ownerOf(bytes)?.release(bytes.length);
}
