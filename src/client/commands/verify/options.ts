import type { ErrorCode, ResoError } from '../../../errors';
import type { Lock } from '../../plan/lock-format';
import type { ScopeOptions } from '../../plan/scope';
import type { Progress } from '../../progress';

/** What is out of the scope is neither missing nor extra, and not repaired. */
export interface VerifyOptions extends ScopeOptions {
  /** Folder with the local copies; it must be there, unless they are to be repaired. Default `.`. */
  readonly folder?: string | undefined;
  /** Hold the copies against this instead of the server; nobody is asked then, unless there is something to repair. */
  readonly locked?: Lock | undefined;
  /** Mend what is damaged and fetch what is missing. */
  readonly repair?: boolean | undefined;
  /** With `repair`: report an image as repaired only once that would outlast a power loss. */
  readonly durable?: boolean | undefined;
  /** Called for each image. */
  readonly onResult?: ((result: VerifyResult) => void) | undefined;
  /** Counters to keep, for whoever shows them: of the images that should be here, and of their bytes. */
  readonly progress?: Progress | undefined;
}

/**
 * `extra`: a local image that is not in the list. `repaired`: it was missing or damaged, and is in order now.
 * `failed`: it could not be found out, or not be repaired, for the reason in `error`.
 */
export type VerifyOutcome = 'ok' | 'missing' | 'damaged' | 'extra' | 'repaired' | 'failed';

/** What was found out of one image. */
export interface VerifyResult {
  readonly name: string;
  readonly outcome: VerifyOutcome;
  readonly error?: ResoError | undefined;
  readonly code?: ErrorCode | undefined;
  /** Bytes that it should have; of what is extra, those that it has. */
  readonly size: number;
  /** SHA-256 that it should have, as far as that had to be known. */
  readonly sha256?: string | undefined;
  /** Bytes of it that came over the network. */
  readonly bytesReceived: number;
}

/** How many images there were of each outcome. */
export interface VerifySummary extends Readonly<Record<VerifyOutcome, number>> {
  /** Images, and folders that may hold some, which the server can't read: copies of these count as extra. */
  readonly unreadable: number;
  readonly bytesReceived: number;
  /** Those of `exclude` that left nothing out. */
  readonly unusedExcludes: readonly string[];
}
