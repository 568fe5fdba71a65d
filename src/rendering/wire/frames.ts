/** Two 32-bit lengths: of the JSON head, and of the bytes after it. */
const LENGTHS = 8;
const MOST_HEAD = 65_536;
/** The largest rendition, uncompressed. */
const MOST_BYTES = 4096 * 4096 * 4;

export interface Frame {
  readonly head: unknown;
  readonly bytes: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** The parts are to be written one after the other. */
export function encodeFrame(head: object, bytes: Buffer = NOTHING): Buffer[] {
  const json = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(LENGTHS);
  lengths.writeUInt32LE(json.length, 0);
  lengths.writeUInt32LE(bytes.length, 4);
  const beginning = Buffer.concat([lengths, json]);
  return bytes.length > 0 ? [beginning, bytes] : [beginning];
}

/** Reassembles frames from the pieces in which they arrive. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #pieces: Buffer[] = [];
  #held = 0;
  /** Number of bytes needed before the next read makes sense. */
  #wanted = LENGTHS;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Throws if a length exceeds its limit or a head is not JSON; nothing may be pushed after that. */
  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#held += piece.length;
    while (this.#held >= this.#wanted) this.#read();
  }

  #read(): void {
    const held = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#pieces = [held];
    const [head, bytes] = lengthsOf(held);
    const end = LENGTHS + head + bytes;
    if (held.length < end) {
      this.#wanted = end;
      return;
    }
    this.#pieces = [held.subarray(end)];
    this.#held -= end;
    this.#wanted = LENGTHS;
    const bytesAt = LENGTHS + head;
    this.#onFrame({
      head: JSON.parse(held.toString('utf8', LENGTHS, bytesAt)),
      bytes: held.subarray(bytesAt, end),
    });
  }
}

function lengthsOf(held: Buffer): [head: number, bytes: number] {
  const head = held.readUInt32LE(0);
  const bytes = held.readUInt32LE(4);
  if (head > MOST_HEAD || bytes > MOST_BYTES)
    throw new Error(`A frame of ${head} and ${bytes} bytes is too long.`);
  return [head, bytes];
}
