import type { ProvenState } from '../../catalog';
import { encode, MAX_PACKED_BYTES, TABLE_LENGTH_BYTES, type PackEntry } from '../../protocol';

/** Images in one pack: nobody should wait long for the first of them. */
const MAX_IMAGES = 128;
/** Milliseconds of work on one pack. */
const MAX_TIME = 2;
/** Bytes of images up to which they are copied: a whole buffer should not be busy for them. */
const COPIED = 65_536;
const NOTHING = Buffer.alloc(0);
const [TABLE_BEGIN, TABLE_END] = ['{"images":[', ']}'];
/** Bytes of an entry's JSON: beside its name, and for each character of that at most. */
const ENTRY_BYTES = 512;
const CHARACTER_BYTES = 6;

/** A pack that is being put together: images behind each other in a buffer, and a table of them. */
export class Pack {
  readonly #limit: number;
  readonly #buffer: Buffer | undefined;
  readonly #deadline = performance.now() + MAX_TIME;
  #table = TABLE_BEGIN;
  #tableBytes = TABLE_LENGTH_BYTES + TABLE_BEGIN.length + TABLE_END.length;
  #count = 0;
  #bytes = 0;

  /** At most `limit` bytes of payload. Without a buffer it takes no images, only what is said of them. */
  constructor(limit: number, buffer: Buffer | undefined) {
    this.#limit = limit;
    this.#buffer = buffer;
  }

  /** Bytes of images. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it takes one more entry, of this name and with the largest image. An empty one always does. */
  hasRoomFor(name: string): boolean {
    if (this.#count === 0) return true;
    if (this.#count >= MAX_IMAGES || performance.now() > this.#deadline) return false;
    const entry = ENTRY_BYTES + CHARACTER_BYTES * name.length;
    const image = this.#buffer ? MAX_PACKED_BYTES : 0;
    return this.#tableBytes + entry + this.#bytes + image <= this.#limit;
  }

  /** Where the bytes of the next image go; undefined if there is no memory for any. */
  get room(): Buffer | undefined {
    return this.#buffer?.subarray(this.#bytes, this.#bytes + MAX_PACKED_BYTES);
  }

  /** An image whose bytes lie in `room`. */
  addImage(name: string, { size, mtime, version, sha256 }: ProvenState): void {
    this.add({ name, size, mtime, version, sha256 });
    this.#bytes += size;
  }

  add(entry: PackEntry): void {
    const json = `${this.#count === 0 ? '' : ','}${JSON.stringify(entry)}`;
    this.#table += json;
    this.#tableBytes += Buffer.byteLength(json);
    this.#count++;
  }

  /** Whether its frame needs the buffer until it is sent; so few bytes that they are copied don't. */
  get needsBuffer(): boolean {
    return this.#bytes > COPIED;
  }

  frame(id: number): Buffer[] {
    const head = encode.packHead(id, this.#table + TABLE_END, this.#bytes);
    const bytes = this.#buffer?.subarray(0, this.#bytes) ?? NOTHING;
    return this.needsBuffer ? [head, bytes] : [Buffer.concat([head, bytes])];
  }
}
