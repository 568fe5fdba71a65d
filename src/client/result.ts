import type { ErrorCode, ResoError } from '../errors';

/** `downloaded`: it was received and verified. `identical`: it already existed, as proven by its digest. */
export type Outcome = 'downloaded' | 'identical' | 'failed';

/** The result of one image; with `dryRun` the result that it would have. */
export interface DownloadResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why it failed, if the outcome is `failed`. */
  readonly error?: ResoError | undefined;
  readonly code?: ErrorCode | undefined;
  /** Whether it replaced a different file of the same name. */
  readonly replaced?: boolean | undefined;
  /** Bytes of the whole image, once known. */
  readonly size?: number | undefined;
  /** Its modification time in microseconds since 1970, and its version on the server, once known. */
  readonly mtime?: number | undefined;
  readonly version?: string | undefined;
  /** SHA-256 of the local file, hexadecimal, once verified. */
  readonly sha256?: string | undefined;
  /** Bytes of the image received over the network, over all attempts. */
  readonly bytesReceived: number;
  /** Bytes of an earlier run or attempt that it resumed from; 0 if the last attempt started from scratch. */
  readonly resumedFrom: number;
  /** How often the image was requested. */
  readonly attempts: number;
}

/** Totals of a download; not a list, so that a million images need no memory. */
export interface DownloadSummary {
  readonly downloaded: number;
  /** How many of `downloaded` replaced a different file. */
  readonly replaced: number;
  readonly identical: number;
  readonly failed: number;
  /** Images selected without being named, and folders that may contain some, that the server can't read. */
  readonly unreadable: number;
  /** Bytes of the images that were downloaded or identical. */
  readonly bytes: number;
  /** Image bytes received over the network. */
  readonly bytesReceived: number;
  /** Patterns in `exclude` that matched nothing. */
  readonly unusedExcludes: readonly string[];
}
