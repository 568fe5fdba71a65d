import { ConnectionError, RemoteError, ResoError, type ErrorCode } from '../../errors';
import type { Settings } from './settings';

const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;

/** Milliseconds for a server that shuts down to be there again: what it is given to finish (`--grace`, 10 s), and to start. */
const RESTART = 30_000;
/** The try whose pause is made between two looks at whether it is there: about a second. */
const RESTART_PACE = 3;

/** Codes of errors that say nothing about the image: the same request may well succeed on another connection. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNREACHABLE',
  'DISCONNECTED',
  'TIMEOUT',
  'BUSY',
  'UNAVAILABLE',
  'CLOSING',
]);

/** What a server says of a request that was damaged on the way: this side sends none that is not in order. */
const DAMAGED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BAD_FRAME', 'BAD_MESSAGE']);

export function isTransient(error: unknown): error is ResoError {
  if (error instanceof RemoteError && DAMAGED.has(error.code)) return true;
  return error instanceof ResoError && TRANSIENT.has(error.code);
}

/**
 * Milliseconds before try number `attempt` (from 1 on): doubling, up to ten seconds, and up to a half more or less by
 * chance, so that twenty clients that lost the same server do not come back at the same moment.
 */
export function backOff(attempt: number): number {
  const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1));
  return Math.round(delay * (0.5 + Math.random()));
}

/** What a server that shuts down says of itself. */
export function stopping(address: string): RemoteError {
  return new RemoteError('CLOSING', `${address} is shutting down.`, { address });
}

/** Counts the tries to connect that nothing has come of, and decides whether and when there is another one. */
export class Tries {
  readonly #settings: Pick<Settings, 'address' | 'retries' | 'onRetry'>;
  #failures = 0;
  /** A server has greeted at least once. */
  hasBeenGreeted = false;
  /** The server shuts down. Until then it may come back, and what fails is no try. */
  #restart: { until: number; isTold: boolean } | undefined;

  constructor(settings: Pick<Settings, 'address' | 'retries' | 'onRetry'>) {
    this.#settings = settings;
  }

  /** New work comes after there was none. */
  reset(): void {
    this.#failures = 0;
    if (!this.isRestarting) this.#restart = undefined;
  }

  /** Something came. Unless `isBack` it may come from a server that shuts down, and finishes what it has begun. */
  progressed(isBack: () => boolean): void {
    this.#failures = 0;
    if (!this.#restart) return;
    if (isBack()) this.#restart = undefined;
    else this.#restart.until = performance.now() + RESTART;
  }

  /** The server says that it shuts down. Whether that was not known, and it is to be waited for. */
  stops(): boolean {
    if (this.#restart || this.#settings.retries === 0) return false;
    this.#restart = { until: performance.now() + RESTART, isTold: false };
    return true;
  }

  /**
   * Milliseconds until the next try after `error`; undefined where there is none. While `works`, which says that the server
   * answers elsewhere, there always is. Only a try that is `awaited` is told of.
   */
  next(error: ResoError, works: boolean, awaited: boolean): number | undefined {
    if (this.isRestarting) return this.#untilRestart(awaited);
    if (this.#failures >= this.#mostAfter(error) && !works) return undefined;
    const attempt = ++this.#failures;
    const delay = backOff(attempt);
    if (awaited) this.#settings.onRetry({ error, attempt, delay });
    return delay;
  }

  /** Whether a server that shut down is waited for. */
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

  /** Where a server was reached before, it may come back: a container that restarts is unknown by its name meanwhile. */
  #mostAfter(error: ResoError): number {
    const { retries } = this.#settings;
    const isFirst = !this.hasBeenGreeted && error instanceof ConnectionError;
    return isFirst ? Math.min(retries, error.mostRetries) : retries;
  }
}
