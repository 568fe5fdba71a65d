import type { ImageEntry, Proof } from '../protocol';
import type { LockOptions } from './commands/lock/snapshot';
import type { ListWithDigestsOptions, ProvenEntry } from './commands/lock/with-digests';
import type { SyncOptions, SyncSummary } from './commands/sync/options';
import type { VerifyOptions, VerifySummary } from './commands/verify/options';
import type { Range } from './net/read';
import type { ConnectOptions } from './net/settings';
import type { Names } from './plan/patterns';
import type { ListOptions } from './plan/select';
import type { DownloadSummary } from './result';
import type { DownloadOptions } from './transfer/options';

/** A client of one server. Connections are opened when they are needed, and again when they were lost. */
export interface Client {
  /** `host:port` of the server. */
  readonly address: string;
  /** Images in byte order of their names, page by page as they are taken. */
  list(options?: ListOptions): AsyncGenerator<ImageEntry, void, undefined>;
  /** The same, each with its SHA-256: the server is asked for those that its list lacks, many at a time. */
  listWithDigests(options: ListWithDigestsOptions): AsyncGenerator<ProvenEntry, void, undefined>;
  /**
   * The text of a lock file of what the server has now, in pieces. Nothing comes before it is known to be of one state.
   * Throws CHANGED if the images never rest for that long, and BAD_NAME where there is nothing for one of the globs.
   */
  lock(options?: LockOptions): AsyncGenerator<string, void, undefined>;
  /** Throws NOT_FOUND. */
  stat(name: string): Promise<ImageEntry>;
  /**
   * Up to three names on the server that may be meant by one that it lacks, the nearest first: the same name in another
   * case, Unicode form, format or folder, or without a typing error. Looks at a bounded number of names.
   */
  similar(name: string): Promise<readonly string[]>;
  /** Digest of an image, and of `count` of its blocks from block `first` on. */
  digests(name: string, blocks?: { first: number; count: number }): Promise<Proof>;
  /** Milliseconds of one round trip. */
  ping(): Promise<number>;
  /**
   * The bytes of an image or of a part of it. The iteration throws DIGEST_MISMATCH at its end if the whole image came
   * and is not what the server says it is; a part is not verified. Not retried once bytes have come.
   */
  read(name: string, range?: Range): AsyncGenerator<Buffer, void, undefined>;
  /**
   * Downloads images into a folder: written under `.reso/`, verified by SHA-256, then renamed. `undefined`: all images.
   * Never rejects for a single image: what failed is in its result. What all of them fail for, as on a full disk, is one
   * error, the same object in each result. Rejects with FOLDER where nothing can be written into the output folder, and
   * with ABORTED once the signal is given.
   */
  download(names: Names | undefined, options?: DownloadOptions): Promise<DownloadSummary>;
  /**
   * Makes a folder (default `.`) hold what the server holds: what differs is replaced. An index under its `.reso/`
   * vouches for files that nobody touched, which cost nothing then. Never rejects for a single image. Rejects with
   * FOLDER where nothing can be written there, with EXISTS where the file system can't hold the names, with TOO_MANY_GONE
   * or CHANGED where `delete` must not be done, and with ABORTED once the signal is given.
   */
  sync(folder?: string, options?: SyncOptions): Promise<SyncSummary>;
  /**
   * Holds the local copies below a folder against the server, or against a lock file. Never rejects for a single image.
   * Rejects with FOLDER where the folder is not there, or is to be repaired and can't be written into, and with ABORTED
   * once the signal is given.
   */
  verify(options?: VerifyOptions): Promise<VerifySummary>;
  /** Closes all connections. */
  close(): void;
}

export type Connect = (options?: ConnectOptions) => Client;
