import type { Piece } from './bucket';

/** Bytes of one request. */
const PIECE = 1_048_576;
/** Requests ahead of the reader: on a link to a distant store, one after the other would wait for each answer. */
const AHEAD = 2;
/** Most bytes that all images hold together. Clients may be slow: what they have asked for must not fill the memory. */
const BUDGET = 67_108_864;
/** Milliseconds without a read after which an image must give way to others. */
const STALLED = 2000;

/** What all images may hold together, in bytes. Those that nobody reads any more give way. */
export class Budget {
  #free: number;
  /** With the time of the last read, the longest ago first. */
  readonly #readers = new Map<ReadAhead, number>();

  constructor(bytes = BUDGET) {
    this.#free = bytes;
  }

  take(bytes: number): boolean {
    if (bytes > this.#free) this.#reclaim(bytes);
    if (bytes > this.#free) return false;
    this.#free -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#free += bytes;
  }

  isReading(reader: ReadAhead): void {
    this.#readers.delete(reader);
    this.#readers.set(reader, performance.now());
  }

  hasEnded(reader: ReadAhead): void {
    this.#readers.delete(reader);
  }

  #reclaim(bytes: number): void {
    const latest = performance.now() - STALLED;
    for (const [reader, at] of this.#readers) {
      if (at > latest || bytes <= this.#free) return;
      // It comes back with its next read.
      this.#readers.delete(reader);
      reader.letGo();
    }
  }
}

interface Held {
  readonly from: number;
  /** The position behind it. */
  readonly end: number;
  bytes: Buffer | Promise<Buffer>;
}

export type ReadPiece = (from: number, length: number) => Promise<Buffer>;

/** The next pieces of an image that is read from one end to the other, as far as there is memory for them. */
export class ReadAhead {
  readonly #size: number;
  readonly #budget: Budget;
  readonly #readPiece: ReadPiece;
  #held: Held[] = [];
  /** Where the last read ended: whoever goes on there will go on further. */
  #last: number | undefined;

  constructor(size: number, budget: Budget, readPiece: ReadPiece) {
    this.#size = size;
    this.#budget = budget;
    this.#readPiece = readPiece;
    budget.isReading(this);
  }

  /** Holds a piece that is there already. */
  hold({ from, bytes }: Piece): void {
    if (bytes.length > 0 && this.#budget.take(bytes.length))
      this.#held.push({ from, end: from + bytes.length, bytes });
  }

  /** The bytes at `position` that are held, or on their way. */
  at(position: number): { readonly from: number; readonly bytes: Buffer | Promise<Buffer> } | undefined {
    this.#forget(({ end }) => end <= position);
    return this.#held.find(({ from, end }) => from <= position && position < end);
  }

  /** Call it after each read. */
  hasRead(from: number, end: number): void {
    const isInOrder = from === this.#last;
    this.#last = end;
    this.#budget.isReading(this);
    if (isInOrder || this.#held.length > 0) this.#orderMore(end);
  }

  /** Drops what is there already: whoever reads on requests it again. */
  letGo(): void {
    this.#forget(({ bytes }) => Buffer.isBuffer(bytes));
  }

  /** Resolves once nothing is on its way. */
  async close(): Promise<void> {
    this.#budget.hasEnded(this);
    await Promise.allSettled(this.#held.map(async ({ bytes }) => bytes));
    this.#forget(() => true);
  }

  #orderMore(position: number): void {
    this.#forget(({ end }) => end <= position);
    let from = Math.max(position, ...this.#held.map(({ end }) => end));
    while (from < this.#size && this.#held.length < AHEAD) {
      const length = Math.min(PIECE, this.#size - from);
      if (!this.#budget.take(length)) return;
      const bytes = this.#readPiece(from, length);
      const held: Held = { from, end: from + length, bytes };
      this.#held.push(held);
      bytes.then(
        (all) => (held.bytes = all),
        // It rejects where it is read.
        () => undefined,
      );
      from += length;
    }
  }

  #forget(which: (held: Held) => boolean): void {
    const gone = this.#held.filter(which);
    if (gone.length === 0) return;
    this.#held = this.#held.filter((held) => !which(held));
    for (const { from, end } of gone) this.#budget.giveBack(end - from);
  }
}
