import type { ImageEntry, Proof } from '../protocol';
import type { LockOptions } from './commands/lock/snapshot';
import type { ListWithDigestsOptions, ProvenEntry } from './commands/lock/with-digests';
import type { FollowOptions, SyncOptions, SyncSummary, WatchOptions } from './commands/sync/options';
import type { VerifyOptions, VerifySummary } from './commands/verify/options';
import type { Range } from './net/read';
import type { ConnectOptions } from './net/settings';
import type { Names } from './plan/patterns';
import type { ListOptions } from './plan/select';
import type { DownloadSummary } from './result';
import type { DownloadOptions } from './transfer/options';

/** A client of one server, or of several with the same images. Connections are opened when needed, and reopened when lost. */
export interface Client {
  /** `host:port` of the server; of several, separated by a comma and a space. */
  readonly address: string;
  /** Images in byte order of their names. Pages are requested as the images are consumed. */
  list(options?: ListOptions): AsyncGenerator<ImageEntry, void, undefined>;
  /** The same, each with its SHA-256: those that the list lacks are requested from the server, many at a time. */
  listWithDigests(options: ListWithDigestsOptions): AsyncGenerator<ProvenEntry, void, undefined>;
  /**
   * The text of a lock file of the server's current images, in pieces. Yields nothing until it is known to be a consistent
   * state. Throws CHANGED if the images keep changing, and BAD_NAME if one of the globs matches nothing.
   */
  lock(options?: LockOptions): AsyncGenerator<string, void, undefined>;
  /** Throws NOT_FOUND. */
  stat(name: string): Promise<ImageEntry>;
  /**
   * Up to three names on the server that may be meant by a missing one, the nearest first: the same name in a different case,
   * Unicode form, format or folder, or with a typo corrected. Examines a bounded number of names.
   */
  similar(name: string): Promise<readonly string[]>;
  /** The digest of an image, and of `count` of its blocks from block `first` on. */
  digests(name: string, blocks?: { first: number; count: number }): Promise<Proof>;
  /** Milliseconds of one round trip. */
  ping(): Promise<number>;
  /**
   * The bytes of an image or of a part of it. The iteration throws DIGEST_MISMATCH at its end if a whole image does not match
   * the server's digest; a part is not verified. Not retried once bytes have arrived.
   */
  read(name: string, range?: Range): AsyncGenerator<Buffer, void, undefined>;
  /**
   * Downloads images into a folder: written under `.reso/`, verified by SHA-256, then renamed. `undefined`: all images.
   * Never rejects because of a single image: the error is in its result. If all of them fail for the same reason, such as a
   * full disk, the error is the same object in each result. Rejects with FOLDER if nothing can be written to the output
   * folder, and with ABORTED once the signal is aborted.
   */
  download(names: Names | undefined, options?: DownloadOptions): Promise<DownloadSummary>;
  /**
   * Makes a folder (default `.`) match the server: files that differ are replaced. An index in its `.reso/` recognizes
   * unchanged files, which cost nothing then. Never rejects because of a single image. Rejects with FOLDER if nothing can be
   * written there, with EXISTS if the file system can't store the names, with TOO_MANY_GONE or CHANGED if `delete` would not
   * be safe, and with ABORTED once the signal is aborted.
   */
  sync(folder?: string, options?: SyncOptions): Promise<SyncSummary>;
  /**
   * Does as `sync`, and then again after each change on the server, after each lost connection, and every hour. Changes are
   * here within about 2 seconds of being complete. Never resolves; rejects as `sync` does the first time. After that it goes
   * on if the server is away or the disk is full, or if `delete` would not be safe. Rejects with ABORTED once the signal of
   * the client is aborted.
   */
  follow(folder?: string, options?: FollowOptions): Promise<never>;
  /**
   * The next generation of the server's images after `unless`, an opaque token that changes whenever an image is added,
   * changed or removed. Old servers are asked every 30 seconds.
   */
  watch(options?: WatchOptions): Promise<string>;
  /**
   * Compares the local copies in a folder with the server, or with a lock file. Never rejects because of a single image.
   * Rejects with FOLDER if the folder does not exist, or is to be repaired but not writable, and with ABORTED once the
   * signal is aborted.
   */
  verify(options?: VerifyOptions): Promise<VerifySummary>;
  /** Closes all connections. */
  close(): void;
}

export type Connect = (options?: ConnectOptions) => Client;
