import { ProtocolError } from '../../errors';
import {
  MAX_PACKED_BYTES,
  parseJson,
  parsePackTable,
  TABLE_LENGTH_BYTES,
  type PackedImage,
  type PackEntry,
  type UnpackedImage,
  type WantedImage,
} from '../../protocol';

/** Receives the answers to a FETCH. */
export interface FetchSink {
  /** Bytes of tables and images have arrived. */
  arrived(bytes: number): void;
  /** A whole image. Its bytes are overwritten after this returns. */
  image(index: number, image: PackedImage, bytes: Buffer): void;
  /** The server does not send image number `index` of the request in a pack. */
  refused(index: number, entry: UnpackedImage): void;
}

/** A FETCH being answered. */
export interface Fetch {
  readonly images: readonly WantedImage[];
  readonly sink: FetchSink;
  /** How many of its images were answered. */
  told: number;
}

/** Assembles packs in reused memory and passes on each image as soon as its last byte has arrived. */
export class PackReader {
  /** Most bytes in a pack. */
  readonly #limit: number;
  #buffer: Buffer | undefined;
  /** Bytes of the pack that have arrived. */
  #filled = 0;
  #table: readonly PackEntry[] | undefined;
  /** How many entries of the table were passed on, and where the bytes of the next one begin. */
  #next = 0;
  #at = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A piece of a pack that answers `fetch`; `left` bytes of the pack are still to come. Throws BAD_MESSAGE. */
  take(fetch: Fetch, piece: Buffer, left: number): void {
    fetch.sink.arrived(piece.length);
    // A whole pack in one piece is read in place.
    const isWhole = this.#filled === 0 && left === 0;
    const pack = isWhole ? piece : this.#append(piece);
    if (isWhole) this.#filled = piece.length;
    const length = this.#filled + left;
    this.#table ??= this.#readTable(fetch, pack, length);
    if (this.#table) this.#handOn(fetch, this.#table, pack);
    if (left > 0) return;
    if (!this.#table) throw bad('The table of a pack extends beyond its end.');
    this.#filled = this.#next = this.#at = 0;
    this.#table = undefined;
  }

  #append(piece: Buffer): Buffer {
    this.#buffer ??= Buffer.allocUnsafeSlow(this.#limit);
    this.#filled += piece.copy(this.#buffer, this.#filled);
    return this.#buffer;
  }

  #readTable({ images, told }: Fetch, pack: Buffer, length: number): readonly PackEntry[] | undefined {
    if (this.#filled < TABLE_LENGTH_BYTES) return undefined;
    const end = TABLE_LENGTH_BYTES + pack.readUInt32BE(0);
    if (end > length) throw bad('The table of a pack extends beyond its end.');
    if (this.#filled < end) return undefined;
    const table = parsePackTable(parseJson(pack.subarray(TABLE_LENGTH_BYTES, end)), length - end).images;
    if (table.length === 0) throw bad('A pack contains no entry.');
    for (const [i, entry] of table.entries()) check(images[told + i], entry);
    this.#at = end;
    return table;
  }

  #handOn(fetch: Fetch, table: readonly PackEntry[], pack: Buffer): void {
    while (this.#next < table.length) {
      const entry = table[this.#next]!;
      if ('code' in entry) fetch.sink.refused(fetch.told, entry);
      else {
        const end = this.#at + entry.size;
        if (end > this.#filled) return;
        fetch.sink.image(fetch.told, entry, pack.subarray(this.#at, end));
        this.#at = end;
      }
      fetch.told++;
      this.#next++;
    }
  }
}

/** Throws if `entry` is not the next requested image, or not in the requested state. */
function check(asked: WantedImage | undefined, entry: PackEntry): void {
  if (asked?.name !== entry.name)
    throw bad('A pack contains an image that was not requested, or in the wrong order.');
  if ('code' in entry) return;
  if (asked.sha256 !== undefined && asked.sha256 !== entry.sha256)
    throw bad('A pack contains a different version of an image than requested.');
  if (entry.size > MAX_PACKED_BYTES) throw bad('A pack contains an image that is too large for packs.');
}

function bad(message: string): ProtocolError {
  return new ProtocolError('BAD_MESSAGE', message);
}
