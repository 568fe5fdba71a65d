import type { ResoError } from '../../../errors';
import type { ListOptions } from '../../client';

/** An image in the state that a lock file names. */
export interface LockEntry {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** The images of a lock file, in byte order of their names; read anew each time it is asked for. */
export interface Lock {
  entries(): AsyncIterable<LockEntry>;
}

export interface LockOptions {
  /** As those of `list`. */
  readonly globs?: readonly string[] | undefined;
  /** Told how many images, and folders that may hold some, are left out because the server can't read them, if any. */
  readonly onUnreadable?: ((count: number) => void) | undefined;
}

export interface ListWithDigestsOptions extends ListOptions {
  /** Told of images that were left out because their digest can't be had. */
  readonly onFailure: (name: string, error: ResoError) => void;
}
