import type { StoredImage } from '../image-store';
import type { Part, Piece } from './bucket';
import type { ObjectState } from './object-state';
import { ReadAhead, type Budget } from './read-ahead';

/** Reads a part of the state with this ETag. Throws CHANGED if there is another one by now. */
export type ReadPart = (
  part: Part,
  options: { readonly ifMatch: string; readonly signal: AbortSignal; readonly target?: Buffer },
) => Promise<Piece>;

/** An object in the state in which it was opened. Nothing stays open: each part is a request of its own. */
export class S3Image implements StoredImage {
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  readonly changedAt: number;
  readonly path = undefined;
  readonly #etag: string;
  readonly #readPart: ReadPart;
  readonly #ahead: ReadAhead;
  readonly #over = new AbortController();

  /** `first`: the part that came with the state. */
  constructor(first: Piece, budget: Budget, readPart: ReadPart) {
    const { size, mtime, version, changedAt, etag }: ObjectState = first.state;
    this.size = size;
    this.mtime = mtime;
    this.version = version;
    this.changedAt = changedAt;
    this.#etag = etag;
    this.#readPart = readPart;
    this.#ahead = new ReadAhead(
      size,
      budget,
      async (from, length) => (await this.#read({ from, length })).bytes,
    );
    this.#ahead.hold(first);
  }

  read(target: Buffer, offset: number, length: number, position: number): number | Promise<number> {
    const wanted = Math.min(length, this.size - position);
    if (wanted <= 0) return 0;
    const room = target.subarray(offset, offset + wanted);
    const held = this.#ahead.at(position);
    if (!held) return this.#readHere(room, position);
    const { from, bytes } = held;
    const take = (all: Buffer) => this.#took(position, all.copy(room, 0, position - from));
    return Buffer.isBuffer(bytes) ? take(bytes) : bytes.then(take);
  }

  /** Each part was read on the condition that the state is the same: what came belongs to it. */
  isUnchanged(): boolean {
    return true;
  }

  async close(): Promise<void> {
    this.#over.abort();
    await this.#ahead.close();
  }

  async #readHere(room: Buffer, from: number): Promise<number> {
    const { bytes } = await this.#read({ from, length: room.length }, room);
    return this.#took(from, bytes.length);
  }

  #took(from: number, bytes: number): number {
    this.#ahead.hasRead(from, from + bytes);
    return bytes;
  }

  #read(part: Part, target?: Buffer): Promise<Piece> {
    const conditions = { ifMatch: this.#etag, signal: this.#over.signal };
    return this.#readPart(part, target ? { ...conditions, target } : conditions);
  }
}
