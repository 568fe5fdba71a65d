import { foldName } from '../../names';

/**
 * Images that are being given their names. Of two names that may be one on this file system the second waits: so it
 * finds the first one's file, and does not take its place.
 */
export class NameLocks {
  /** By what the names have in common: who waits for its turn, if anybody does. */
  readonly #turns = new Map<string, (() => void)[] | undefined>();

  /** The result of `give`, called once no other name like this one is being given. */
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

  /** Whether no other name like this one is being given: then this one is, until `unlock`. */
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
