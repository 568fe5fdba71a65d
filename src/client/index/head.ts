export interface Named {
  readonly name: string;
}

/** The next one of what comes some at a time. Nothing waits but `load`, once for all that come together. */
export class Head<T extends Named> {
  readonly #source: AsyncIterator<readonly T[]>;
  #batch: readonly T[] = [];
  #at = 0;

  constructor(source: AsyncIterable<readonly T[]>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Undefined before the first `load`, and at the end. */
  get item(): T | undefined {
    return this.#batch[this.#at];
  }

  /** The last one of those that came together, if `item` is the first. */
  get lastOfFresh(): T | undefined {
    return this.#at === 0 ? this.#batch.at(-1) : undefined;
  }

  /** Goes on to the next one; false: that has to be loaded. */
  step(): boolean {
    return ++this.#at < this.#batch.length;
  }

  /** All that came together. Then the next ones have to be loaded. */
  takeBatch(): readonly T[] {
    this.#at = this.#batch.length;
    return this.#batch;
  }

  async load(): Promise<void> {
    this.#at = 0;
    for (;;) {
      const next = await this.#source.next();
      this.#batch = next.done ? [] : next.value;
      if (next.done || this.#batch.length > 0) return;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
