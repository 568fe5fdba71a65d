import type { Lock } from '../../plan/lock-format';
import type { ScopeOptions } from '../../plan/scope';
import type { Progress } from '../../progress';
import type { DownloadResult, DownloadSummary, Outcome } from '../../result';

/** What is excluded is not deleted either. */
export interface SyncOptions extends ScopeOptions {
  /**
   * The state that the folder is to be in, instead of the server's; see `openLock`. Images that the server has in
   * another one fail with LOCKED, and what lies here of them stays. What it does not name is what `delete` is about.
   */
  readonly locked?: Lock | undefined;
  /** Delete files that a sync brought, that nobody changed since, and that the server no longer has. */
  readonly delete?: boolean | undefined;
  /** With `delete`: also other files that the server does not have, and however many. */
  readonly force?: boolean | undefined;
  /**
   * Report an image only once it would outlast a power loss: its bytes, its name and its folders are on the disk. What
   * the index vouches for is left as it is.
   */
  readonly durable?: boolean | undefined;
  /** Write nothing; the results say what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Called for each image, in the order in which they are done. */
  readonly onResult?: ((result: SyncResult) => void) | undefined;
  /** Counters to keep, for whoever shows them. */
  readonly progress?: Progress | undefined;
}

/**
 * `identical`: it was there already, proven by digest or vouched for by the index. `deleted`: the server no longer has
 * it. `kept`: neither, but a sync did not bring it, or it may have been changed since, or the
 * server says that it is there although its list lacks it.
 */
export type SyncOutcome = Outcome | 'deleted' | 'kept';

/** What became of one image; with `dryRun` what would become of it. */
export interface SyncResult extends Omit<DownloadResult, 'outcome'> {
  readonly outcome: SyncOutcome;
}

export interface SyncSummary extends DownloadSummary {
  readonly deleted: number;
  readonly kept: number;
}
