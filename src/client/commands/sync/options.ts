import type { ResoError } from '../../../errors';
import type { Lock } from '../../../lock';
import type { ScopeOptions } from '../../plan/scope';
import type { Progress } from '../../progress';
import type { DownloadResult, DownloadSummary, Outcome } from '../../result';

/** Excluded files are not deleted either. */
export interface SyncOptions extends ScopeOptions {
  /**
   * The state that the folder must match, instead of the server's; see `openLock`. Images that differ on the server fail with
   * LOCKED, and their local files stay. `delete` applies to files that are not in the lock.
   */
  readonly locked?: Lock | undefined;
  /** Delete files that a sync downloaded, that nobody has changed since, and that the server no longer has. */
  readonly delete?: boolean | undefined;
  /** With `delete`: also delete other files that the server does not have, however many there are. */
  readonly force?: boolean | undefined;
  /**
   * Report an image only once it survives a power failure: its bytes, its name and its folders are on the disk. Files that
   * the index recognizes as unchanged are not written again.
   */
  readonly durable?: boolean | undefined;
  /** Write nothing; the results say what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Called for each image, in the order of completion. */
  readonly onResult?: ((result: SyncResult) => void) | undefined;
  /** Counters to update, for a progress display. */
  readonly progress?: Progress | undefined;
}

/**
 * `identical`: it already existed, as proven by its digest or recognized by the index. `deleted`: the server no longer has
 * it. `kept`: the server does not list it, but no sync downloaded it, or it may have been changed since, or the server says
 * that it exists.
 */
export type SyncOutcome = Outcome | 'deleted' | 'kept';

/** The result of one image; with `dryRun` the result that it would have. */
export interface SyncResult extends Omit<DownloadResult, 'outcome'> {
  readonly outcome: SyncOutcome;
}

export interface SyncSummary extends DownloadSummary {
  readonly deleted: number;
  readonly kept: number;
}

/** Options of `Client.follow`. */
export interface FollowOptions extends Omit<SyncOptions, 'locked' | 'dryRun'> {
  /**
   * Does each sync, by calling its argument once, for a program that shows each of them; may pass other `onResult` and
   * `progress`. Default: just calls it.
   */
  readonly round?: ((sync: FollowRound) => Promise<SyncSummary>) | undefined;
  /** Called when a sync ended early, because the server is away or something else that may pass: it is tried again. */
  readonly onTrouble?: ((error: ResoError) => void) | undefined;
  /** Called after each sync that deleted nothing, because too many files would go. */
  readonly onRefusal?: ((error: ResoError) => void) | undefined;
  /** Called once if the server can't tell of changes, and is asked every 30 seconds instead. */
  readonly onPolling?: (() => void) | undefined;
}

export type FollowRound = (how?: Pick<SyncOptions, 'onResult' | 'progress'>) => Promise<SyncSummary>;

export interface WatchOptions {
  /** The generation that is known; default: none, so that the current one is returned at once. */
  readonly unless?: string | undefined;
  /** Gives up, with ABORTED. */
  readonly signal?: AbortSignal | undefined;
}
