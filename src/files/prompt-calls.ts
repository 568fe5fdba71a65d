/** Mean milliseconds per call above which calls must be waiting for a disk or a network, not just for the processor. */
const SLOW = 0.3;
/** Most milliseconds that one call counts: an unrelated pause (garbage collection, another process) says nothing. */
const MOST = 2;
/** Weight of the latest call in the mean. */
const WEIGHT = 0.1;
/** Calls that go to other threads before it is tried here again: twice as many each time, up to this limit. */
const FEWEST = 16;
const LONGEST = 256;
/** Prompt calls after which it starts with few again. */
const TRUSTED = 64;

/** Not `performance`: loading it takes longer than all calls of a small download. */
function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/**
 * Decides whether a file system call is made in this thread or in another one. The system answers from memory within
 * microseconds, and the trip to another thread and back costs twenty times that; but nobody else is served while a call in
 * this thread waits for a disk. So calls are made here as long as they are prompt, and a few slow ones send the next ones
 * to other threads: few at first, because a busy machine may pause, and hundreds if they stay slow.
 */
export class PromptCalls {
  readonly #now: () => number;
  #mean = 0;
  #distrusted = 0;
  #next = FEWEST;
  /** Calls made here since the last slow one. */
  #prompt = 0;

  constructor(now: () => number = milliseconds) {
    this.#now = now;
  }

  /** Returns the result of `here`, or of `elsewhere` while calls are slow. */
  async make<T>(here: () => T, elsewhere: () => Promise<T>): Promise<T> {
    return this.makeSoon(here, elsewhere);
  }

  /** The same, but returns no promise if the call is made here; then it throws what the call throws. */
  makeSoon<T>(here: () => T, elsewhere: () => Promise<T>): T | Promise<T> {
    if (this.#distrusted > 0) {
      this.#distrusted--;
      return elsewhere();
    }
    return this.#timed(here, 1);
  }

  /** Returns the result of `here`, which makes `calls` calls; does nothing and returns undefined while calls are slow. */
  attempt<T>(here: () => T, calls: number): T | undefined {
    if (this.#distrusted === 0) return this.#timed(here, calls);
    this.#distrusted--;
    return undefined;
  }

  #timed<T>(here: () => T, calls: number): T {
    const began = this.#now();
    try {
      return here();
    } finally {
      this.#took(Math.min(MOST, (this.#now() - began) / calls));
    }
  }

  #took(milliseconds: number): void {
    this.#mean += WEIGHT * (milliseconds - this.#mean);
    if (this.#mean <= SLOW) {
      if (++this.#prompt === TRUSTED) this.#next = FEWEST;
      return;
    }
    this.#prompt = 0;
    this.#distrusted = this.#next;
    this.#next = Math.min(LONGEST, 2 * this.#next);
    // The mean starts again, but a single slow call is then enough.
    this.#mean = SLOW / 2;
  }
}
