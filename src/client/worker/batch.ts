import type { HashOrder, Order, PlaceOrder } from './order';

/**
 * Orders on their way to another thread. To copy an object there means to copy, and look up, the name of each of its
 * members: for a small image that would cost as much as to hash it.
 */
export interface Batch {
  readonly numbers: Float64Array;
  readonly texts: readonly string[];
  /** Bytes that lie in no shared memory. */
  readonly bytes: readonly Uint8Array[];
}

/** What an order is, as its first number. */
const PLACE = 0;
const HASH_SHARED = 1;
const HASH_COPIED = 2;
const DIGEST = 3;

export function pack(orders: readonly Order[]): Batch {
  const numbers: number[] = [];
  const texts: string[] = [];
  const bytes: Uint8Array[] = [];
  for (const order of orders) {
    if ('stream' in order) packHash(order, numbers, bytes);
    else packPlace(order, numbers, texts);
  }
  return { numbers: Float64Array.from(numbers), texts, bytes };
}

function packPlace(order: PlaceOrder, numbers: number[], texts: string[]): void {
  const { pieces, length, sha256, mtime, part, target, keepsOthers } = order;
  numbers.push(PLACE, length, mtime, keepsOthers ? 1 : 0, pieces.length, ...pieces);
  texts.push(sha256, part, target);
}

function packHash({ stream, bytes }: HashOrder, numbers: number[], copied: Uint8Array[]): void {
  if (!bytes) numbers.push(DIGEST, stream);
  else if (bytes instanceof Uint8Array) {
    numbers.push(HASH_COPIED, stream);
    copied.push(bytes);
  } else numbers.push(HASH_SHARED, stream, ...bytes);
}

export function unpack(batch: Batch): Order[] {
  const packed = new Packed(batch);
  const orders: Order[] = [];
  while (!packed.isEmpty) orders.push(packed.order());
  return orders;
}

class Packed {
  readonly #batch: Batch;
  #number = 0;
  #text = 0;
  #piece = 0;

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  get isEmpty(): boolean {
    return this.#number >= this.#batch.numbers.length;
  }

  order(): Order {
    const kind = this.#next();
    if (kind === PLACE) return this.#place();
    const stream = this.#next();
    if (kind === HASH_SHARED) return { stream, bytes: [this.#next(), this.#next()] };
    return kind === HASH_COPIED ? { stream, bytes: this.#batch.bytes[this.#piece++]! } : { stream };
  }

  #place(): PlaceOrder {
    const length = this.#next();
    const mtime = this.#next();
    const keepsOthers = this.#next() === 1;
    const pieces = Array.from({ length: this.#next() }, () => this.#next());
    const sha256 = this.#nextText();
    return { pieces, length, sha256, mtime, part: this.#nextText(), target: this.#nextText(), keepsOthers };
  }

  #next(): number {
    return this.#batch.numbers[this.#number++]!;
  }

  #nextText(): string {
    return this.#batch.texts[this.#text++]!;
  }
}
