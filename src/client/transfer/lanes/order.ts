import type { Written } from '../../disk/file-state';
/** What a lane is asked to bring. */
export type Order = FetchOrder | WholeOrder | StripeOrder;

interface AnyOrder {
  readonly id: number;
  /** Bytes, as far as they are known. */
  readonly expected: number;
}

/** Small images that one request brings. */
export interface FetchOrder extends AnyOrder {
  readonly kind: 'fetch';
  /** Path of the work folder, and the owner that parts in it are named after. */
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
  /** `host:port` of the server, for the note. */
  readonly server: string;
  /** Paths of its part, and of the note beside that. */
  readonly part: string;
  readonly note: string;
}

/** A range of an image, to be written at its place in a part that is there. */
export interface StripeOrder extends AnyOrder {
  readonly kind: 'stripe';
  readonly name: string;
  readonly version: string;
  readonly sha256?: string | undefined;
  readonly part: string;
  readonly offset: number;
  readonly length: number;
}

/** An image that was proven, and lies under its name. */
export interface Placed {
  /** What the server said of it: bytes, microseconds since 1970, and SHA-256, hexadecimal. */
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  readonly sha256: string;
  readonly written: Written;
}

/** What is new of an order. */
export interface News {
  readonly id: number;
  /** What became of its next images, in order: undefined for one that was not placed. */
  readonly outcomes: readonly (Placed | undefined)[];
  /** Bytes that came since the last news, unless of images that are told about whole. */
  readonly bytes: number;
  /** Nothing more comes of it. Images that nothing was said of were not placed. */
  readonly isLast: boolean;
}

export type Tell = (news: News) => void;

/**
 * News on their way between threads. To copy an object there means to copy the name of each of its members, and each
 * text by itself: for a small image that would cost as much as to hash it.
 */
export interface PackedNews {
  readonly numbers: Float64Array;
  /** Versions and digests, a line each: they have no line ends. */
  readonly texts: string;
}

/** Of an image that was not placed, in place of its size. */
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
  /** The output folder, with a separator behind it. */
  readonly prefix: string;
  /** What lies in an image's place stays. */
  readonly keepsOthers: boolean;
  /** Tells parts of one lane from those of another: from 1 on. */
  readonly number: number;
}
