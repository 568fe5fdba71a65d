import type { ResoError } from '../../errors';
import type { PartialNote } from './partial-note';
import type { Range } from './ranges';

/** The bytes of one image as they arrive, until they are stored under the image's name. */
export interface Incoming {
  readonly note: PartialNote;
  /** Bytes from the start, including those waiting to be written: the next ones are appended here. */
  readonly length: number;
  /** Bytes that need not be requested again: `length`, and what is there after a gap. */
  readonly present: number;
  /** The gap that begins at `length`; empty if nothing is missing. */
  readonly gap: Range;
  /** Why it can't be written, if that is the case. */
  readonly error: ResoError | undefined;
  /** Called with the number of bytes that start waiting for the disk. */
  onWaiting: (bytes: number) => void;
  /** Called with the number of bytes that no longer wait: written or given up. */
  onWritten: (bytes: number) => void;
  append(bytes: Buffer): void;
  /** Call it when the gap is closed: takes in what is there after it. Throws DISK or FOLDER. */
  closeGap(): Promise<void>;
  /** SHA-256 of everything appended, hexadecimal; call it after `flush`, and append nothing afterwards. Throws DISK. */
  digest(): Promise<string>;
  /** Resolves when nothing is waiting. Throws DISK or FOLDER. */
  flush(): Promise<void>;
  /** Sets the time and the final name of the verified bytes; with `durable` only once they are on the disk. Throws DISK. */
  commit(target: string, durable?: boolean): Promise<void>;
  /** Leaves it for a later run, if that is worthwhile. */
  keep(): Promise<void>;
  /** Removes it. */
  discard(): Promise<void>;
}
