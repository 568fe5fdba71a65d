import { createHash, type Hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { OpenImage } from '../catalog';
import type { BufferPool } from '../connection';
import { changed, unreadable } from './refusals';
import type { ByteRange } from './conditions';
import type { Sent, Visit } from './visit';

/** Pieces of a response that the socket may hold while the next one is read. */
const MAX_IN_FLIGHT = 2;

/**
 * Sends part of an image as the body of a response whose head has been written. The last piece is sent only after checking
 * that the image had not changed when it was read: if it had, the client gets fewer bytes than announced, so it can never
 * take a mixture for complete. Returns the SHA-256 of the bytes sent, if `hash` is set. Throws CHANGED or UNREADABLE, but
 * nothing if the client has disconnected.
 */
export async function sendBody(
  { context, response, sent }: Visit,
  image: OpenImage,
  { offset, length }: ByteRange,
  hash = false,
): Promise<string | undefined> {
  const digest = hash ? createHash('sha256') : undefined;
  const flow = new Flow(response, context.buffers, sent);
  const end = offset + length;
  for (let position = offset; position < end && flow.isOpen;) {
    const buffer = await flow.nextBuffer(end - position);
    position += await sendPiece(flow, image, buffer, { position, end }, digest);
  }
  await flow.finished();
  return flow.isOpen ? digest?.digest('hex') : undefined;
}

async function sendPiece(
  flow: Flow,
  image: OpenImage,
  buffer: Buffer,
  { position, end }: { position: number; end: number },
  digest: Hash | undefined,
): Promise<number> {
  try {
    const read = await image.read(buffer, 0, Math.min(buffer.length, end - position), position);
    if (read === 0) throw unreadable(image.name);
    if (position + read === end && !(await image.isUnchanged())) throw changed(image.name);
    const bytes = buffer.subarray(0, read);
    digest?.update(bytes);
    flow.send(bytes, buffer);
    return read;
  } catch (error) {
    flow.discard(buffer);
    throw error;
  }
}

/** A response that accepts pieces as fast as its client reads. */
class Flow {
  readonly #response: ServerResponse;
  readonly #pool: BufferPool;
  readonly #taken: Sent;
  /** Buffers that the socket may still read from, without the one being filled. */
  readonly #sending = new Set<Buffer>();
  #wake: () => void = () => undefined;

  constructor(response: ServerResponse, pool: BufferPool, taken: Sent) {
    this.#response = response;
    this.#pool = pool;
    this.#taken = taken;
    // Some writes to a disconnected client never call back.
    response.once('close', () => this.#sent(...this.#sending));
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && this.#response.writable;
  }

  /** Resolves with a buffer once the socket has room. Fill it and pass it to `send` or `discard`. */
  async nextBuffer(wanted: number): Promise<Buffer> {
    const most = this.#pool.isShort ? 1 : MAX_IN_FLIGHT;
    while (this.#sending.size >= most) await this.#progress();
    return this.#pool.take(wanted);
  }

  send(bytes: Buffer, buffer: Buffer): void {
    if (!this.isOpen) return this.discard(buffer);
    this.#sending.add(buffer);
    this.#response.write(bytes, (error) => {
      if (!error) this.#taken.bytes += bytes.length;
      this.#sent(buffer);
    });
  }

  discard(buffer: Buffer): void {
    this.#pool.giveBack(buffer);
  }

  /** Resolves once the socket has accepted everything, or the client has disconnected. */
  async finished(): Promise<void> {
    while (this.#sending.size > 0) await this.#progress();
    if (this.isOpen) this.#response.end();
  }

  #sent(...buffers: readonly Buffer[]): void {
    for (const buffer of buffers) if (this.#sending.delete(buffer)) this.#pool.giveBack(buffer);
    this.#wake();
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}
