/** A small image to be proven, written and given its name. */
export interface PlaceOrder {
  /** Where its bytes lie in the shared memory: begin and length of each piece. */
  readonly pieces: readonly number[];
  readonly length: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Microseconds since 1970: its time. */
  readonly mtime: number;
  /** Where it is written, and where it is to lie. */
  readonly part: string;
  readonly target: string;
  /** Whatever lies there stays. */
  readonly keepsOthers: boolean;
}

/** Bytes that follow on those of earlier orders of the same stream, to be hashed; without any it ends. */
export interface HashOrder {
  readonly stream: number;
  /** Where they lie in the shared memory: begin and length; or they themselves, where they lie elsewhere. */
  readonly bytes?: readonly [begin: number, length: number] | Uint8Array;
}

export type Order = PlaceOrder | HashOrder;

/**
 * For each order of a batch, whether it was carried out; for the last one of a stream its SHA-256, hexadecimal. Of an
 * image that was not placed nothing is left.
 */
export type Answer = readonly (boolean | string)[];
