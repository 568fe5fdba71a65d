import type { ProvenState } from '../../catalog';
import { encode, MAX_PACKED_BYTES, TABLE_LENGTH_BYTES, type PackEntry } from '../../protocol';

/** Most images in one pack, so that the first of them does not have to wait long. */
const MAX_IMAGES = 128;
/** Milliseconds of work on one pack. */
const MAX_TIME = 2;
/** Up to this many image bytes are copied, so that they don't occupy a whole buffer. */
const COPIED = 65_536;
const NOTHING = Buffer.alloc(0);
const [TABLE_BEGIN, TABLE_END] = ['{"images":[', ']}'];
/** Bytes of an entry's JSON: without its name, and at most for each character of the name. */
const ENTRY_BYTES = 512;
const CHARACTER_BYTES = 6;

/**
 * Where in `buffer` the bytes of the first of `names` go, as many as fit into one pack, so that all can be read at the same
 * time. Undefined for an image that is not read for a pack.
 */
export function planPack(
  names: readonly string[],
  sizeOf: (name: string) => number | undefined,
  limit: number,
  buffer: Buffer | undefined,
): (Buffer | undefined)[] {
  const places: (Buffer | undefined)[] = [];
  let table = TABLE_LENGTH_BYTES + TABLE_BEGIN.length + TABLE_END.length;
  let used = 0;
  for (const name of names.slice(0, MAX_IMAGES)) {
    const size = sizeOf(name);
    const isPacked = buffer && size !== undefined && size > 0 && size <= MAX_PACKED_BYTES;
    const bytes = isPacked ? size : 0;
    table += mostEntryBytes(name);
    if (places.length > 0 && table + used + bytes > limit) break;
    places.push(isPacked ? buffer.subarray(used, used + bytes) : undefined);
    used += bytes;
  }
  return places;
}

function mostEntryBytes(name: string): number {
  return ENTRY_BYTES + CHARACTER_BYTES * name.length;
}

/** A pack being assembled: images one after the other in a buffer, and their table. */
export class Pack {
  readonly #limit: number;
  readonly #buffer: Buffer | undefined;
  readonly #deadline = performance.now() + MAX_TIME;
  #table = TABLE_BEGIN;
  #tableBytes = TABLE_LENGTH_BYTES + TABLE_BEGIN.length + TABLE_END.length;
  #count = 0;
  #bytes = 0;

  /** At most `limit` bytes of payload. Without a buffer it takes no images, only refusals. */
  constructor(limit: number, buffer: Buffer | undefined) {
    this.#limit = limit;
    this.#buffer = buffer;
  }

  /** Bytes of images. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether there is room for an entry with this name and the largest image. An empty pack always has room. */
  hasRoomFor(name: string): boolean {
    if (this.#count === 0) return true;
    if (this.#count >= MAX_IMAGES || performance.now() > this.#deadline) return false;
    const image = this.#buffer ? MAX_PACKED_BYTES : 0;
    return this.#tableBytes + mostEntryBytes(name) + this.#bytes + image <= this.#limit;
  }

  /** Where the bytes of the next image go; undefined if there is no memory for them. */
  get room(): Buffer | undefined {
    return this.#buffer?.subarray(this.#bytes, this.#bytes + MAX_PACKED_BYTES);
  }

  /** Adds an image whose bytes are in `room`. */
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

  /** Whether its frame needs the buffer until it is sent; false if the bytes are so few that they are copied. */
  get needsBuffer(): boolean {
    return this.#bytes > COPIED;
  }

  frame(id: number): Buffer[] {
    const head = encode.packHead(id, this.#table + TABLE_END, this.#bytes);
    const bytes = this.#buffer?.subarray(0, this.#bytes) ?? NOTHING;
    return this.needsBuffer ? [head, bytes] : [Buffer.concat([head, bytes])];
  }
}
