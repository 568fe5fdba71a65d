import { ConnectionError, RemoteError, ResoError, type ErrorCode } from '../../errors';
import type { Settings } from './settings';

const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;

/** Milliseconds for a server that shuts down to come back: time to finish (`--grace`, 10 s) and to start. */
const RESTART = 30_000;
/** The attempt whose pause is used between checks whether it is back: about a second. */
const RESTART_PACE = 3;

/** Codes of errors that say nothing about the image: the same request may succeed on another connection. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNREACHABLE',
  'DISCONNECTED',
  'TIMEOUT',
  'BUSY',
  'UNAVAILABLE',
  'CLOSING',
]);

/** How a server answers a request that was damaged in transit: this side sends only valid ones. */
const DAMAGED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BAD_FRAME', 'BAD_MESSAGE']);

export function isTransient(error: unknown): error is ResoError {
  if (error instanceof RemoteError && DAMAGED.has(error.code)) return true;
  return error instanceof ResoError && TRANSIENT.has(error.code);
}

/**
 * Milliseconds before attempt number `attempt` (from 1 on): doubling up to ten seconds, with a jitter of up to half, so that
 * twenty clients that lost the same server do not come back at the same moment.
 */
export function backOff(attempt: number): number {
  const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1));
  return Math.round(delay * (0.5 + Math.random()));
}

/** The error for a server that is shutting down. */
export function stopping(address: string): RemoteError {
  return new RemoteError('CLOSING', `${address} is shutting down.`, { address });
}

/** Counts failed attempts to connect, and decides whether and when there is another one. */
export class Tries {
  readonly #settings: Pick<Settings, 'address' | 'retries' | 'onRetry'>;
  #failures = 0;
  /** A server has greeted at least once. */
  hasBeenGreeted = false;
  /** Set while the server restarts. It may come back until then, and failures don't count as attempts. */
  #restart: { until: number; isTold: boolean } | undefined;

  constructor(settings: Pick<Settings, 'address' | 'retries' | 'onRetry'>) {
    this.#settings = settings;
  }

  /** Called when new work arrives after an idle period. */
  reset(): void {
    this.#failures = 0;
    if (!this.isRestarting) this.#restart = undefined;
  }

  /** Called when something arrived. Unless `isBack`, it may come from a server that is shutting down and finishing its work. */
  progressed(isBack: () => boolean): void {
    this.#failures = 0;
    if (!this.#restart) return;
    if (isBack()) this.#restart = undefined;
    else this.#restart.until = performance.now() + RESTART;
  }

  /** Called when the server announces its shutdown. Returns whether that is news and the client should wait. */
  stops(): boolean {
    if (this.#restart || this.#settings.retries === 0) return false;
    this.#restart = { until: performance.now() + RESTART, isTold: false };
    return true;
  }

  /**
   * Milliseconds until the next attempt after `error`; undefined if there is none. While `works`, which means that the server
   * answers on another connection, there always is one. Only attempts that are `awaited` are reported.
   */
  next(error: ResoError, works: boolean, awaited: boolean): number | undefined {
    if (this.isRestarting) return this.#untilRestart(awaited);
    if (this.#failures >= this.#mostAfter(error) && !works) return undefined;
    const attempt = ++this.#failures;
    const delay = backOff(attempt);
    if (awaited) this.#settings.onRetry({ error, attempt, delay });
    return delay;
  }

  /** Whether the client waits for a server that shut down. */
  get isRestarting(): boolean {
    return this.#restart !== undefined && performance.now() < this.#restart.until;
  }

  #untilRestart(awaited: boolean): number {
    const delay = backOff(RESTART_PACE);
    if (awaited && !this.#restart!.isTold) {
      this.#restart!.isTold = true;
      this.#settings.onRetry({ error: stopping(this.#settings.address), attempt: 0, delay });
    }
    return delay;
  }

  /** A server that was reached before may come back: the name of a restarting container can't be resolved for a while. */
  #mostAfter(error: ResoError): number {
    const { retries } = this.#settings;
    const isFirst = !this.hasBeenGreeted && error instanceof ConnectionError;
    return isFirst ? Math.min(retries, error.mostRetries) : retries;
  }
}
