import { ProtocolError } from '../errors';
import { HEADER_BYTES } from './constants';
import { GrowingBuffer } from './growing-buffer';
import { MessageType } from './message-type';

/** How a request begins that somebody's browser sends to the wrong port. */
const HTTP_METHOD = /^(?:GET|HEAD|POST|PUT|OPTIONS) /;

export interface FrameSink {
  /** A whole frame of any type except DATA. `payload` may share memory with the chunk. */
  frame(type: number, id: number, payload: Buffer): void;
  /** A non-empty piece of a DATA frame. `bytes` shares memory with the chunk. */
  data(id: number, bytes: Buffer): void;
  /** A non-empty piece of a PACK, of which `left` bytes are still to come. Absent: PACK is treated like other frames. */
  pack?(id: number, bytes: Buffer, left: number): void;
}

/** Most payload bytes that a frame of this type may have at the moment. */
export type FrameLimit = (type: number) => number;

/**
 * Splits a byte stream into frames, however it is chunked. DATA, and PACK if the sink wants it, is passed on as it arrives
 * without being collected. Other frames are collected up to their limit, which is checked before anything is allocated.
 */
export class FrameDecoder {
  readonly #limit: FrameLimit;
  readonly #sink: FrameSink;
  /** From the pool that small buffers share: its own allocation would cost more than its contents. */
  readonly #header = Buffer.allocUnsafe(HEADER_BYTES);
  #headerFilled = 0;
  #type = 0;
  #id = 0;
  #completed = 0;
  #missing = 0;
  /** Payload of a frame other than DATA that did not arrive in one chunk. */
  readonly #collected = new GrowingBuffer();

  constructor(limit: FrameLimit, sink: FrameSink) {
    this.#limit = limit;
    this.#sink = sink;
  }

  /** Whether a frame has started and is not complete. */
  get inFrame(): boolean {
    return this.#headerFilled > 0;
  }

  /** Frames completed so far. */
  get completed(): number {
    return this.#completed;
  }

  /** Takes the next bytes of the stream. Throws BAD_FRAME, after which the stream can't be used. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#headerFilled < HEADER_BYTES ? this.#takeHeader(chunk, at) : this.#takePayload(chunk, at);
    }
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const wanted = HEADER_BYTES - this.#headerFilled;
    const taken = chunk.copy(this.#header, this.#headerFilled, at, at + wanted);
    this.#headerFilled += taken;
    if (this.#headerFilled === HEADER_BYTES) this.#begin();
    return at + taken;
  }

  #begin(): void {
    const length = this.#header.readUInt32BE(0);
    this.#type = this.#header.readUInt8(4);
    this.#id = this.#header.readUInt32BE(5);
    const limit = this.#limit(this.#type);
    if (length > limit) {
      if (HTTP_METHOD.test(this.#header.toString('latin1')))
        throw new ProtocolError('BAD_FRAME', 'This is HTTP. The gallery has a port of its own.');
      throw new ProtocolError(
        'BAD_FRAME',
        `A frame of type 0x${this.#type.toString(16).padStart(2, '0')} announces ${length} bytes, but only ${limit} are allowed.`,
      );
    }
    if (length === 0 && this.#type === MessageType.DATA) {
      throw new ProtocolError('BAD_FRAME', 'A DATA frame is empty.');
    }
    this.#missing = length;
    if (length === 0) this.#end(Buffer.alloc(0));
  }

  #takePayload(chunk: Buffer, at: number): number {
    const piece = chunk.subarray(at, at + this.#missing);
    this.#missing -= piece.length;
    if (this.#type === MessageType.DATA) {
      if (this.#missing === 0) this.#reset();
      this.#sink.data(this.#id, piece);
    } else if (this.#type === MessageType.PACK && this.#sink.pack) {
      if (this.#missing === 0) this.#reset();
      this.#sink.pack(this.#id, piece, this.#missing);
    } else if (this.#missing === 0 && this.#collected.isEmpty) {
      this.#end(piece);
    } else {
      this.#collected.append(piece, this.#missing);
      if (this.#missing === 0) this.#end(this.#collected.take());
    }
    return at + piece.length;
  }

  #end(payload: Buffer): void {
    this.#reset();
    this.#sink.frame(this.#type, this.#id, payload);
  }

  #reset(): void {
    this.#headerFilled = 0;
    this.#completed++;
  }
}
