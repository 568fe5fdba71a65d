import type { ErrorCode, ResoError } from '../../../errors';
import type { Lock } from '../../../lock';
import type { ScopeOptions } from '../../plan/scope';
import type { Progress } from '../../progress';

/** Images that are out of scope are neither missing nor extra, and are not repaired. */
export interface VerifyOptions extends ScopeOptions {
  /** Folder with the local copies; it must exist, except with `repair`. Default `.`. */
  readonly folder?: string | undefined;
  /** Compare the copies with this instead of the server, which is then only contacted for repairs. */
  readonly locked?: Lock | undefined;
  /** Repair damaged copies and download missing ones. */
  readonly repair?: boolean | undefined;
  /** With `repair`: report an image as repaired only once it survives a power failure. */
  readonly durable?: boolean | undefined;
  /** Called for each image. */
  readonly onResult?: ((result: VerifyResult) => void) | undefined;
  /** Counters to keep, for whoever shows them: of the images that should be here, and of their bytes. */
  readonly progress?: Progress | undefined;
}

/**
 * `extra`: a local image that is not in the list. `repaired`: it was missing or damaged and is correct now. `failed`: it
 * could not be checked or repaired, for the reason in `error`.
 */
export type VerifyOutcome = 'ok' | 'missing' | 'damaged' | 'extra' | 'repaired' | 'failed';

/** The result of one image. */
export interface VerifyResult {
  readonly name: string;
  readonly outcome: VerifyOutcome;
  readonly error?: ResoError | undefined;
  readonly code?: ErrorCode | undefined;
  /** Bytes that it should have; for an extra file, the bytes that it has. */
  readonly size: number;
  /** SHA-256 that it should have, if it had to be determined. */
  readonly sha256?: string | undefined;
  /** Bytes received over the network. */
  readonly bytesReceived: number;
}

/** The number of images with each outcome. */
export interface VerifySummary extends Readonly<Record<VerifyOutcome, number>> {
  /** Images, and folders that may contain some, that the server can't read: their copies count as extra. */
  readonly unreadable: number;
  readonly bytesReceived: number;
  /** Patterns in `exclude` that matched nothing. */
  readonly unusedExcludes: readonly string[];
}
