import type { LeftOut, LeftOutNames } from './left-out';

/** What identifies the present state of an image. */
export interface StoredState {
  /** Bytes. */
  readonly size: number;
  /** Modification time in whole microseconds since 1970-01-01T00:00Z. */
  readonly mtime: number;
  /** Opaque, printable ASCII, at most 128 characters; equal for equal bytes. */
  readonly version: string;
  /** When anything of it changed last, in milliseconds since 1970; can't be set back by whoever writes it. */
  readonly changedAt: number;
}

export interface StoredEntry extends StoredState {
  readonly name: string;
  /**
   * Why it can't be read, in words: it is there, and not to be listed. It may be a folder, whose name then ends in `/`. Of a
   * folder, and of what could not even be looked at, there is no state.
   */
  readonly unreadable?: string | undefined;
}

/** An image that was opened: its bytes stay those of `version`, or `isUnchanged` tells otherwise. */
export interface StoredImage extends StoredState {
  /** Where another process of the same user finds the very file that is open here; undefined where there is no such path. */
  readonly path: string | undefined;
  /**
   * Reads up to `length` bytes from `position` of the image into `target` at `offset`; the bytes read, 0 at the end.
   * Throws UNREADABLE.
   */
  read(target: Buffer, offset: number, length: number, position: number): number | Promise<number>;
  /** Looks again whether the image is still in the state in which it was opened. To be called right behind a read. */
  isUnchanged(): boolean | Promise<boolean>;
  /** Never rejects. No other call may be under way or follow. */
  close(): Promise<void>;
}

/** One walk over all that a store has. */
export interface Scan {
  /** In no particular order, in batches that may be empty. */
  readonly batches: AsyncIterable<readonly StoredEntry[]>;
  /**
   * The same entries, of which those that can't be read say so. To be asked for what is new or was changed: whether a file
   * may be read is a part of its state.
   */
  checked(entries: readonly StoredEntry[]): Promise<readonly StoredEntry[]>;
  /** What was left out beside what can't be read, and some of the names; complete when `batches` has ended. */
  readonly leftOut: LeftOut;
  readonly leftOutNames: LeftOutNames;
}

/** Where images lie. */
export interface ImageStore {
  /** What tells this store from others. */
  readonly identity: string;
  /** Throws NOT_FOUND for whatever is not served, UNREADABLE, BUSY, UNAVAILABLE. */
  open(name: string): Promise<StoredImage>;
  /** Throws as `open` does. */
  stat(name: string): Promise<StoredState>;
  /**
   * Reads a whole image into `target`, without waiting for anything. Undefined where that can't be: there is none, it is
   * larger than `target`, it changes, the disk is slow; `open` says what is wrong. To be called soon after `recently`.
   */
  readAtOnce(name: string, target: Buffer): StoredState | undefined;
  /** Whether it is served is decided as in `open`. */
  scan(): Scan;
  /**
   * Looks whether the store is there at all; gives how often it turned out to be another one so far, or to have been away.
   * Throws UNAVAILABLE, as `open`, `stat` and a scan do then.
   */
  look(): Promise<number>;
  /**
   * How often anything was changed since the store was opened, or more often, in what scans have looked through; a change
   * shows within a turn of the event loop. Undefined where changes may come unnoticed.
   */
  readonly changes: number | undefined;
  close(): void;
}
