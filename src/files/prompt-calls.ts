/** Milliseconds from which on a call has waited for a disk or a network, and not just for the processor. */
const SLOW = 1;
/** Calls that are left to other threads after a slow one, before it is tried again here. */
const DISTRUSTED = 256;

/**
 * Decides whether a call to the file system is made right here or by another thread. What the system has in memory it
 * answers within microseconds, and the trip to another thread and back costs twenty times that; but nobody else is
 * served while a call that is made here waits for a disk. So calls are made here for as long as they are prompt, and
 * one slow call sends the next hundreds to the threads.
 */
export class PromptCalls {
  readonly #now: () => number;
  #distrusted = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The result of `here`, or of `elsewhere` while calls are slow. */
  async make<T>(here: () => T, elsewhere: () => Promise<T>): Promise<T> {
    if (this.#distrusted > 0) {
      this.#distrusted--;
      return elsewhere();
    }
    const began = this.#now();
    try {
      return here();
    } finally {
      if (this.#now() - began > SLOW) this.#distrusted = DISTRUSTED;
    }
  }
}
