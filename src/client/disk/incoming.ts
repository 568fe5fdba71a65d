import type { ResoError } from '../../errors';
import type { PartialNote } from './partial-note';

/** The bytes of one image as they arrive, until they are stored under the image's name. */
export interface Incoming {
  readonly note: PartialNote;
  /** Bytes received, including those waiting to be written. */
  readonly length: number;
  /** Why it can't be written, if that is the case. */
  readonly error: ResoError | undefined;
  /** Called with the number of bytes that start waiting for the disk. */
  onWaiting: (bytes: number) => void;
  /** Called with the number of bytes that no longer wait: written or given up. */
  onWritten: (bytes: number) => void;
  append(bytes: Buffer): void;
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
