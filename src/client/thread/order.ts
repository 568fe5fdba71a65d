/** A small image to be proven, written and given its name. */
export interface Order {
  /** Where its bytes lie in the shared memory: begin and length of each piece. */
  readonly pieces: readonly number[];
  readonly length: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Seconds since 1970: its time. */
  readonly seconds: number;
  /** Where it is written, and where it is to lie. */
  readonly part: string;
  readonly target: string;
  /** Whatever lies there stays. */
  readonly keepsOthers: boolean;
}

/** For each order of a batch, whether it was carried out. Of one that was not, nothing is left. */
export type Answer = readonly boolean[];
