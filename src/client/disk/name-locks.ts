import { foldName } from '../../names';

/**
 * Images that are being renamed to their final names. If two names may be the same on this file system, the second waits,
 * so that it finds the first one's file and does not replace it.
 */
export class NameLocks {
  /** By folded name: the callers waiting for their turn, if any. */
  readonly #turns = new Map<string, (() => void)[] | undefined>();

  /** Calls `give` once no name like this one is in use, and returns its result. */
  async withLock<T>(name: string, give: () => Promise<T>): Promise<T> {
    const key = foldName(name);
    if (this.#turns.has(key)) await this.#turn(key);
    else this.#turns.set(key, undefined);
    try {
      return await give();
    } finally {
      this.#next(key);
    }
  }

  /** Locks this name until `unlock`, unless a name like it is in use; returns whether it did. */
  tryLock(name: string): boolean {
    const key = foldName(name);
    if (this.#turns.has(key)) return false;
    this.#turns.set(key, undefined);
    return true;
  }

  unlock(name: string): void {
    this.#next(foldName(name));
  }

  #turn(key: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#turns.get(key);
      if (waiting) waiting.push(resolve);
      else this.#turns.set(key, [resolve]);
    });
  }

  #next(key: string): void {
    const next = this.#turns.get(key)?.shift();
    if (next) next();
    else this.#turns.delete(key);
  }
}
