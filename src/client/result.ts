import type { ErrorCode, ResoError } from '../errors';

/** `downloaded`: it came and was verified. `identical`: it was there already, proven by digest. */
export type Outcome = 'downloaded' | 'identical' | 'failed';

/** What became of one image; with `dryRun` what would become of it. */
export interface DownloadResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why, where the outcome is `failed`. */
  readonly error?: ResoError | undefined;
  readonly code?: ErrorCode | undefined;
  /** Whether it replaced another file of the same name. */
  readonly replaced?: boolean | undefined;
  /** Bytes of the whole image, once known. */
  readonly size?: number | undefined;
  /** Its modification time in microseconds since 1970, and its version there, once known. */
  readonly mtime?: number | undefined;
  readonly version?: string | undefined;
  /** SHA-256 of the local file, hexadecimal, once proven. */
  readonly sha256?: string | undefined;
  /** Bytes of the image that came over the network, all attempts together. */
  readonly bytesReceived: number;
  /** Bytes that an earlier run, or an attempt before a cut, had left to go on from; 0 where the last attempt began anew. */
  readonly resumedFrom: number;
  /** How often the image was asked for. */
  readonly attempts: number;
}

/** Totals of a download; no list, so that a million images cost no memory. */
export interface DownloadSummary {
  readonly downloaded: number;
  /** Those of `downloaded` that replaced another file. */
  readonly replaced: number;
  readonly identical: number;
  readonly failed: number;
  /** Images that were asked for, but not by name, and folders that may hold some, which the server can't read. */
  readonly unreadable: number;
  /** Bytes of the images that are downloaded or identical. */
  readonly bytes: number;
  /** Bytes of images that came over the network. */
  readonly bytesReceived: number;
  /** Those of `exclude` that left nothing out. */
  readonly unusedExcludes: readonly string[];
}
