/** Bytes of a frame header; the first four are the length of the payload: docs/protocol.md, "Frames". */
const HEADER_BYTES = 9;
/** No frame of the protocol has a longer payload. */
const MOST_PAYLOAD = 1_048_576;

/** Finds where the frames of a byte stream end. */
export class FrameCursor {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #filled = 0;
  #missing = 0;

  /** Whether the current frame is complete. */
  get atEnd(): boolean {
    return this.#filled === HEADER_BYTES && this.#missing === 0;
  }

  /** Whether this is not a frame of the protocol. */
  get isLost(): boolean {
    return this.#missing > MOST_PAYLOAD;
  }

  /** How many bytes of the chunk belong to the current frame. After its end the next one begins. */
  take(chunk: Buffer): number {
    if (this.atEnd) this.#filled = 0;
    const ofHeader = this.#takeHeader(chunk);
    const ofPayload = Math.min(this.#missing, chunk.length - ofHeader);
    this.#missing -= this.isLost ? 0 : ofPayload;
    return ofHeader + ofPayload;
  }

  #takeHeader(chunk: Buffer): number {
    if (this.#filled === HEADER_BYTES) return 0;
    const copied = chunk.copy(this.#header, this.#filled);
    this.#filled += copied;
    if (this.#filled === HEADER_BYTES) this.#missing = this.#header.readUInt32BE(0);
    return copied;
  }
}
