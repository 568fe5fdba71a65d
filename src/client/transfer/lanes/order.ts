import type { Written } from '../../disk/file-state';
/** What a lane is to download. */
export type Order = FetchOrder | WholeOrder | StripeOrder;

interface AnyOrder {
  readonly id: number;
  /** Bytes, as far as known. */
  readonly expected: number;
}

/** Small images, in one request. */
export interface FetchOrder extends AnyOrder {
  readonly kind: 'fetch';
  /** Path of the work folder, and the owner in the names of its parts. */
  readonly work: string;
  readonly owner: string;
  readonly names: readonly string[];
  /** SHA-256 that each must have, hexadecimal; absent: whatever the server has. */
  readonly sha256s?: readonly string[] | undefined;
}

/** One image, in one piece. */
export interface WholeOrder extends AnyOrder {
  readonly kind: 'whole';
  readonly name: string;
  readonly sha256?: string | undefined;
  /** `host:port` of the server, or those of several, for the note. */
  readonly server: string;
  /** Paths of its part and of the note beside it. */
  readonly part: string;
  readonly note: string;
}

/** A range of an image, written at its offset in an existing part. */
export interface StripeOrder extends AnyOrder {
  readonly kind: 'stripe';
  readonly name: string;
  /** Absent: several servers deliver it, which agree only on the digest. */
  readonly version?: string | undefined;
  readonly sha256?: string | undefined;
  readonly part: string;
  readonly offset: number;
  readonly length: number;
}

/** An image that was verified and has its final name. */
export interface Placed {
  /** What the server said about it: bytes, microseconds since 1970, and SHA-256, hexadecimal. */
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  readonly sha256: string;
  readonly written: Written;
}

/** A report about an order. */
export interface News {
  readonly id: number;
  /** The results of its next images, in order: undefined for one that was not placed. */
  readonly outcomes: readonly (Placed | undefined)[];
  /** Bytes that arrived since the last report, except those of images reported as complete. */
  readonly bytes: number;
  /**
   * This is the last report. Images without a result were not placed. If there was neither a result nor a byte, the order
   * was not begun, because no connection could be had or it was lost: another lane may carry it out.
   */
  readonly isLast: boolean;
}

export type Tell = (news: News) => void;

/**
 * A report in the form sent between threads. Copying an object copies the name of each member and each string separately,
 * which for a small image would cost as much as hashing it.
 */
export interface PackedNews {
  readonly numbers: Float64Array;
  /** Versions and digests, one per line: they contain no line ends. */
  readonly texts: string;
}

/** Used instead of a size for an image that was not placed. */
const NOT_PLACED = -1;

export function packNews({ id, outcomes, bytes, isLast }: News): PackedNews {
  const numbers = [id, bytes, isLast ? 1 : 0];
  const texts: string[] = [];
  for (const placed of outcomes) {
    if (!placed) numbers.push(NOT_PLACED);
    else {
      numbers.push(placed.size, placed.mtime, placed.written.mtime, placed.written.ctime);
      texts.push(placed.version, placed.sha256);
    }
  }
  return { numbers: Float64Array.from(numbers), texts: texts.join('\n') };
}

export function unpackNews({ numbers, texts }: PackedNews): News {
  const [id, bytes, isLast] = numbers as unknown as [number, number, number];
  const outcomes: (Placed | undefined)[] = [];
  const lines = texts.split('\n');
  let line = 0;
  for (let at = 3; at < numbers.length;) {
    const size = numbers[at++]!;
    if (size === NOT_PLACED) outcomes.push(undefined);
    else {
      const mtime = numbers[at++]!;
      const written = { mtime: numbers[at++]!, ctime: numbers[at++]! };
      outcomes.push({ size, mtime, written, version: lines[line++]!, sha256: lines[line++]! });
    }
  }
  return { id, outcomes, bytes, isLast: isLast === 1 };
}

export interface LaneOptions {
  /** The output folder, with a separator at the end. */
  readonly prefix: string;
  /** Existing files must stay. */
  readonly keepsOthers: boolean;
  /** Distinguishes the parts of one lane from those of another: from 1 on. */
  readonly number: number;
}
