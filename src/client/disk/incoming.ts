import type { ResoError } from '../../errors';
import type { PartialNote } from './partial-note';

/** The bytes of one image as they come, until they lie under the image's name. */
export interface Incoming {
  readonly note: PartialNote;
  /** Bytes that came, those that wait to be written included. */
  readonly length: number;
  /** Why it can't be written, if so. */
  readonly error: ResoError | undefined;
  /** Called with how many bytes wait for the disk from now on. */
  onWaiting: (bytes: number) => void;
  /** Called with how many bytes no longer wait: written, or given up. */
  onWritten: (bytes: number) => void;
  append(bytes: Buffer): void;
  /** SHA-256 of all that was appended, hexadecimal; to be called after `flush`, and nothing may be appended then. Throws DISK. */
  digest(): Promise<string>;
  /** Resolves when nothing waits any more. Throws DISK or FOLDER. */
  flush(): Promise<void>;
  /** Gives the verified bytes their time and their final name; with `durable` only once the disk has them. Throws DISK. */
  commit(target: string, durable?: boolean): Promise<void>;
  /** Leaves it for a later run, if it is worth that. */
  keep(): Promise<void>;
  /** Removes it. */
  discard(): Promise<void>;
}
