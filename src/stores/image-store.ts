import type { LeftOut, LeftOutNames } from './left-out';

/** What identifies the current state of an image. */
export interface StoredState {
  /** Bytes. */
  readonly size: number;
  /** Modification time in whole microseconds since 1970-01-01T00:00Z. */
  readonly mtime: number;
  /** Opaque, printable ASCII, at most 128 characters; equal for equal bytes. */
  readonly version: string;
  /** When it last changed in any way, in milliseconds since 1970; whoever writes the file can't reset it. */
  readonly changedAt: number;
  /** SHA-256 in hexadecimal, if whoever stored the image has left it there; not checked. */
  readonly sha256?: string | undefined;
}

export interface StoredEntry extends StoredState {
  readonly name: string;
  /**
   * Why it can't be read, in words: it exists but is not to be listed. It may be a folder, whose name then ends in `/`.
   * Folders, and files that could not even be examined, have no state.
   */
  readonly unreadable?: string | undefined;
}

/** An open image: its bytes are those of `version` as long as `isUnchanged` says so. */
export interface StoredImage extends StoredState {
  /** Where another process of the same user finds the very file that is open here; undefined where there is no such path. */
  readonly path: string | undefined;
  /**
   * Reads up to `length` bytes from `position` of the image into `target` at `offset`; returns the bytes read, 0 at the end.
   * Throws UNREADABLE.
   */
  read(target: Buffer, offset: number, length: number, position: number): number | Promise<number>;
  /** Checks whether the image is still in the state in which it was opened. Call it right after a read. */
  isUnchanged(): boolean | Promise<boolean>;
  /** Never rejects. No other call may be running or follow. */
  close(): Promise<void>;
}

/** One walk through everything in a store. */
export interface Scan {
  /** In no particular order, in batches that may be empty. */
  readonly batches: AsyncIterable<readonly StoredEntry[]>;
  /**
   * The same entries, with those that can't be read marked. Call it for new or changed entries: whether a file may be read
   * is part of its state.
   */
  checked(entries: readonly StoredEntry[]): Promise<readonly StoredEntry[]>;
  /** What was left out, apart from unreadable files, and some of the names; complete when `batches` has ended. */
  readonly leftOut: LeftOut;
  readonly leftOutNames: LeftOutNames;
}

/** A place where images are stored. */
export interface ImageStore {
  /** Distinguishes this store from others. */
  readonly identity: string;
  /**
   * `from` is where reading will begin, if that is known. Throws NOT_FOUND for everything that is not served, UNREADABLE,
   * BUSY, UNAVAILABLE.
   */
  open(name: string, from?: number): Promise<StoredImage>;
  /** Throws as `open` does. */
  stat(name: string): Promise<StoredState>;
  /**
   * Reads a whole image into `target` without waiting. Undefined if that is not possible: it does not exist, is larger than
   * `target` or is changing, or the disk is slow; `open` reports the reason. Call it soon after `recently`.
   */
  readAtOnce(name: string, target: Buffer): StoredState | undefined;
  /**
   * Only where `readAtOnce` is never possible: reads a whole image of exactly the size of `target`, many at the same time.
   * Undefined if it has another size. Throws as `open` does.
   */
  readWhole?(name: string, target: Buffer): Promise<StoredState | undefined>;
  /** Finds the same images as `open`: all, or those among `names`, which must be the names of files. */
  scan(names?: readonly string[]): Scan;
  /**
   * Checks whether the store exists at all; returns how often it was replaced or away so far. Throws UNAVAILABLE, as do
   * `open`, `stat` and a scan in that case.
   */
  look(): Promise<number>;
  /**
   * An upper bound of the number of changes, since the store was opened, to what was scanned; a change shows up within a
   * turn of the event loop. Undefined if changes may go unnoticed.
   */
  readonly changes: number | undefined;
  /**
   * Names of all files that may have changed since `changes` had this value, some of which may be gone or not served.
   * Undefined if they are not known, or folders may have changed as well.
   */
  changedFiles(since: number): Promise<readonly string[] | undefined>;
  close(): void;
}
