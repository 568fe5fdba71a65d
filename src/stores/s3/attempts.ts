import { setTimeout as sleep } from 'node:timers/promises';
import { BrokenAnswer, mayPass, Silence } from './failure';

/** How long a request may take. All in milliseconds. */
export interface Patience {
  /** Without a byte. */
  readonly silence: number;
  /** For all attempts together: after this, none is begun. */
  readonly total: number;
  readonly attempts: number;
}

/** A client waits 30 s for a byte: it should be told why there is none. */
export const PATIENCE: Patience = { silence: 6000, total: 12_000, attempts: 4 };
/** For the question whether the store is there. */
export const GLANCE: Patience = { silence: 3000, total: 3000, attempts: 2 };

/** Before the second attempt; doubled before each further one. */
const FIRST_PAUSE = 100;

/** One attempt: `signal` ends it, and whoever makes it calls `progress` whenever a byte has come. */
export type Attempt<T> = (signal: AbortSignal, progress: () => void) => Promise<T>;

/** Attempts a request until it succeeds, can't succeed, or patience is over. Rejects with the last error. */
export async function persist<T>(attempt: Attempt<T>, patience: Patience, over?: AbortSignal): Promise<T> {
  const began = performance.now();
  for (let number = 1; ; number++) {
    try {
      return await attemptOnce(attempt, patience, over);
    } catch (error) {
      // Says nothing about the store.
      if (over?.aborted) throw new BrokenAnswer('the request was given up', { cause: error });
      if (number >= patience.attempts || !mayPass(error)) throw error;
      // Random, so that the requests of a busy server don't come back all at once.
      const pause = FIRST_PAUSE * 2 ** (number - 1) * (0.5 + Math.random());
      if (performance.now() + pause - began > patience.total) throw error;
      await sleep(pause, undefined, { signal: over }).catch(() => undefined);
    }
  }
}

async function attemptOnce<T>(attempt: Attempt<T>, { silence }: Patience, over?: AbortSignal): Promise<T> {
  const end = new AbortController();
  const give = () => end.abort();
  let isSilent = false;
  let hasBegun = false;
  const timer = setTimeout(() => {
    isSilent = true;
    end.abort();
  }, silence);
  const progress = () => {
    hasBegun = true;
    timer.refresh();
  };
  over?.addEventListener('abort', give, { once: true });
  try {
    over?.throwIfAborted();
    return await attempt(end.signal, progress);
  } catch (error) {
    if (!isSilent) throw error;
    throw hasBegun ? new BrokenAnswer(`its answer stopped for ${silence / 1000} s`) : new Silence(silence);
  } finally {
    clearTimeout(timer);
    over?.removeEventListener('abort', give);
  }
}
