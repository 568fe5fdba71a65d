/** Milliseconds that calls take, in the mean, from which on they wait for a disk or a network and not just for the processor. */
const SLOW = 0.3;
/** Milliseconds that one call counts at most: a pause that has nothing to do with it (garbage, another process) is no sign. */
const MOST = 2;
/** How much the latest call counts in the mean. */
const WEIGHT = 0.1;
/** Calls that are left to other threads after that, before it is tried again here: twice as many each time, up to these. */
const FEWEST = 16;
const LONGEST = 256;
/** Prompt calls after which it begins with few again. */
const TRUSTED = 64;

/** Not `performance`: to load that takes longer than all calls of a small download. */
function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/**
 * Decides whether a call to the file system is made right here or by another thread. What the system has in memory it
 * answers within microseconds, and the trip to another thread and back costs twenty times that; but nobody else is
 * served while a call that is made here waits for a disk. So calls are made here for as long as they are prompt, and
 * a few slow ones send the next ones to the threads: few at first, since a busy machine may pause, and hundreds where that goes on.
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

  /** The result of `here`, or of `elsewhere` while calls are slow. */
  async make<T>(here: () => T, elsewhere: () => Promise<T>): Promise<T> {
    return this.makeSoon(here, elsewhere);
  }

  /** The same, without a promise where the call is made here; then it throws what the call throws. */
  makeSoon<T>(here: () => T, elsewhere: () => Promise<T>): T | Promise<T> {
    if (this.#distrusted > 0) {
      this.#distrusted--;
      return elsewhere();
    }
    return this.#timed(here, 1);
  }

  /** The result of `here`, which makes `calls` calls; undefined, and nothing done, while calls are slow. */
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
    // The next ones are judged by themselves, but one that is slow again is enough.
    this.#mean = SLOW / 2;
  }
}
