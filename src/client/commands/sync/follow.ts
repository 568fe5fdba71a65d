import { setTimeout as sleep } from 'node:timers/promises';
import { ResoError, type ErrorCode } from '../../../errors';
import { backOff, isTransient } from '../../net/retry';
import type { FollowOptions, FollowRound } from './options';
import { Postponed } from './postponed';
import { syncOnce, type Round, type SyncSource } from './sync';

/** Milliseconds after which everything is compared even if nothing seems to have changed. */
const LONGEST_WAIT = 3_600_000;
/** Milliseconds without a change after which a burst of changes is over, and how long to wait for that at most. */
const QUIET = 300;
const LONGEST_BURST = 1000;
/** Milliseconds until images that were being written are looked at again. */
const SETTLING_PAUSE = 700;
/** After a sync that brought nothing, the pause is at least this many times as long as that took: long lists cost the server. */
const PAUSE_RATIO = 2;
/** Milliseconds until failed images are tried again; doubled each time. */
const FIRST_RETRY = 5000;

/** Errors beside lost connections that may be over by the next sync. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['CHANGED', 'INTERNAL', 'DISK']);

export interface FollowSource extends SyncSource {
  readonly signal: AbortSignal | undefined;
  /** The next generation after `unless`. Not repeated if the connection is lost. */
  nextGeneration(unless: string, signal: AbortSignal): Promise<string>;
}

/** Keeps a folder like the server, until it is aborted; see `Client.follow`. */
export function follow(source: FollowSource, folder: string, options: FollowOptions): Promise<never> {
  return new Follower(source, folder, options).run();
}

class Follower {
  readonly #source: FollowSource;
  readonly #folder: string;
  readonly #options: FollowOptions;
  /** Syncs in a row in which images failed. */
  #failedRounds = 0;
  /** Syncs in a row that ended early, and watches in a row that brought nothing but an error. */
  #failures = 0;
  #losses = 0;

  constructor(source: FollowSource, folder: string, options: FollowOptions) {
    this.#source = source;
    this.#folder = folder;
    this.#options = options;
  }

  async run(): Promise<never> {
    // What fails the first time is more likely a mistake than a passing trouble.
    let round: Round | undefined = await this.#sync();
    for (;;) {
      if (round) await this.#untilNext(round);
      round = await this.#syncAgain();
    }
  }

  async #syncAgain(): Promise<Round | undefined> {
    try {
      const round = await this.#sync();
      this.#failures = 0;
      return round;
    } catch (error) {
      if (this.#mayPass(error)) this.#options.onTrouble?.(error);
      await this.#survive(error, ++this.#failures);
      return undefined;
    }
  }

  async #sync(): Promise<Round> {
    const began = performance.now();
    let round: Round | undefined;
    const sync: FollowRound = async (how = {}) => {
      round = await syncOnce(this.#source, this.#folder, { ...this.#options, ...how }, new Postponed());
      return round.summary;
    };
    await (this.#options.round ?? ((sync) => sync()))(sync);
    if (!round) throw new Error('The function `round` did not sync.');
    if (round.refusal) this.#options.onRefusal?.(round.refusal);
    const isSteady = round.generation !== undefined && !round.isUnfinished;
    const listing = round.summary.downloaded > 0 ? 0 : performance.now() - began;
    if (!isSteady) await this.#pause(Math.max(SETTLING_PAUSE, PAUSE_RATIO * listing));
    return round;
  }

  /** Waits until there may be something to do. */
  async #untilNext({ generation, isUnfinished, summary }: Round): Promise<void> {
    this.#failedRounds = summary.failed > 0 ? this.#failedRounds + 1 : 0;
    if (generation === undefined || isUnfinished) return;
    const retry = FIRST_RETRY * 2 ** (this.#failedRounds - 1);
    const patience = this.#failedRounds > 0 ? Math.min(retry, LONGEST_WAIT) : LONGEST_WAIT;
    try {
      await this.#untilQuiet(await this.#news(generation, patience));
      this.#losses = 0;
    } catch (error) {
      // The next sync says so if the server is away.
      await this.#survive(error, ++this.#losses);
    }
  }

  async #untilQuiet(generation: string | undefined): Promise<void> {
    const longest = performance.now() + LONGEST_BURST;
    let latest = generation;
    while (latest !== undefined && performance.now() < longest) latest = await this.#news(latest, QUIET);
  }

  /** The next generation after `unless`; undefined if there is none within `patience` milliseconds. */
  async #news(unless: string, patience: number): Promise<string | undefined> {
    const { signal } = this.#source;
    // It may have been aborted when the sync was already done, and says so only once.
    const aborted = this.#source.aborted();
    if (aborted) throw aborted;
    const over = new AbortController();
    const end = () => over.abort();
    const timer = setTimeout(end, patience);
    signal?.addEventListener('abort', end);
    try {
      return await this.#source.nextGeneration(unless, over.signal);
    } catch (error) {
      if (over.signal.aborted && !signal?.aborted) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }

  /** Waits before attempt number `attempt` after `error`; throws it if it will not pass. */
  async #survive(error: unknown, attempt: number): Promise<void> {
    if (!this.#mayPass(error)) throw error;
    await this.#pause(backOff(attempt));
  }

  #mayPass(error: unknown): error is ResoError {
    if (this.#source.signal?.aborted || !(error instanceof ResoError)) return false;
    return PASSING.has(error.code) || isTransient(error);
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#source.signal }).catch(() => undefined);
    const aborted = this.#source.aborted();
    if (aborted) throw aborted;
  }
}
