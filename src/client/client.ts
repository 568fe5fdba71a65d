import type { ImageEntry, Proof } from '../protocol';
import type { ListWithDigestsOptions, Lock, LockOptions } from './commands/lock/options';
import type { ProvenEntry } from './commands/lock/with-digests';
import type { ConnectOptions } from './net/options';
import type { VerifyOptions, VerifySummary } from './commands/verify/options';
import type { Progress } from './progress';
import type { DownloadResult, DownloadSummary } from './result';
import type { SyncOptions, SyncSummary } from './commands/sync/options';

/** Exactly this image, or all in the folder of this name: never a glob. What `list` gives is one. */
export interface ExactName {
  readonly name: string;
}

/** Each a name, or the name of a folder (all in it), or a glob; the name of an image or folder that exists is no glob. */
export type Names = Iterable<string | ExactName> | AsyncIterable<string | ExactName>;

export interface ListOptions {
  /** Only these: names, names of folders (all in them), or globs; the name of an image or folder that exists is no glob. */
  readonly globs?: readonly string[] | undefined;
  /** Told at the end, if any were asked for, how many images, and folders that may hold some, the server can't read. */
  readonly onUnreadable?: ((count: number) => void) | undefined;
  /** Called at the end with each of `globs` for which there is nothing. */
  readonly onMissing?: ((glob: string) => void) | undefined;
}

export interface Range {
  /** First byte; default 0. */
  readonly offset?: number | undefined;
  /** Bytes; default to the end. */
  readonly length?: number | undefined;
  /** Fail with CHANGED if the image is not in this state. */
  readonly version?: string | undefined;
}

export interface DownloadOptions {
  /** Folder under which images are put by their names; made where bytes arrive. Default `.`. */
  readonly output?: string | undefined;
  /** Replace files that differ from the server's. */
  readonly overwrite?: boolean | undefined;
  /** Report an image only once it would outlast a power loss: its bytes, its name and its folders are on the disk. */
  readonly durable?: boolean | undefined;
  /** Deliver exactly the state that this names: names and globs select from it, what is in another state fails with LOCKED. */
  readonly locked?: Lock | undefined;
  /** Called for each image, in the order in which they are done. */
  readonly onResult?: ((result: DownloadResult) => void) | undefined;
  /** Counters to keep, for whoever shows them. */
  readonly progress?: Progress | undefined;
}

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
