import { compareNames } from '../../names';

export interface Named {
  readonly name: string;
}

/** Iterates over elements that come in batches. Only `load` is asynchronous, once per batch. */
export class Head<T extends Named> {
  readonly #source: AsyncIterator<readonly T[]>;
  #batch: readonly T[] = [];
  #at = 0;

  constructor(source: AsyncIterable<readonly T[]>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Undefined before the first `load` and at the end. */
  get item(): T | undefined {
    return this.#batch[this.#at];
  }

  /** The last element of the batch, if `item` is the first. */
  get lastOfFresh(): T | undefined {
    return this.#at === 0 ? this.#batch.at(-1) : undefined;
  }

  /** Advances to the next element; false: it must be loaded. */
  step(): boolean {
    return ++this.#at < this.#batch.length;
  }

  /** Takes the whole batch. Then the next one must be loaded. */
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

/** Elements per batch where sources alternate. */
const BATCH = 256;

/**
 * Merges sources that are in ascending order of names. If several sources have a name, only the last one's is used.
 */
export async function* merge<T extends Named>(
  ...sources: readonly AsyncIterable<readonly T[]>[]
): AsyncGenerator<readonly T[], void, undefined> {
  const heads = sources.map((source) => new Head(source));
  let batch: T[] = [];
  try {
    for (const head of heads) await head.load();
    for (let least = leastOf(heads); least; least = leastOf(heads)) {
      const isAhead = comesBeforeOthers(least, heads);
      if (isAhead || batch.length >= BATCH) {
        yield batch;
        batch = [];
      }
      if (isAhead) {
        yield least.takeBatch();
        await least.load();
      } else {
        const item = least.item!;
        batch.push(item);
        // Not awaited for each one: most are already loaded.
        for (const head of heads) if (head.item?.name === item.name && !head.step()) await head.load();
      }
    }
    yield batch;
  } finally {
    for (const head of heads) await head.close();
  }
}

/** Of several elements with the same name, the last one. */
function leastOf<T extends Named>(heads: readonly Head<T>[]): Head<T> | undefined {
  let least: Head<T> | undefined;
  for (const head of heads) {
    if (!head.item) continue;
    if (!least || compareNames(head.item.name, least.item!.name) <= 0) least = head;
  }
  return least;
}

/** Whether the whole batch of `least` comes before everything in the others: sources are often far apart. */
function comesBeforeOthers<T extends Named>(least: Head<T>, heads: readonly Head<T>[]): boolean {
  const last = least.lastOfFresh;
  if (!last) return false;
  return heads.every((head) => head === least || !head.item || compareNames(last.name, head.item.name) < 0);
}

/** Looks up names in a sorted source; the lookups must be in ascending order too. */
export class Cursor<T extends Named> {
  readonly #head: Head<T>;
  #started = false;

  constructor(source: AsyncIterable<readonly T[]>) {
    this.#head = new Head(source);
  }

  /** The element, if any, for each of `names`. */
  async find(names: readonly string[]): Promise<(T | undefined)[]> {
    await this.#start();
    const head = this.#head;
    const found: (T | undefined)[] = [];
    for (const name of names) {
      while (head.item && head.item.name !== name && compareNames(head.item.name, name) < 0) {
        if (!head.step()) await head.load();
      }
      found.push(head.item?.name === name ? head.item : undefined);
    }
    return found;
  }

  /** Reads to the end. */
  async drain(): Promise<void> {
    await this.#start();
    while (this.#head.item) await this.#head.load();
  }

  async close(): Promise<void> {
    await this.#head.close();
  }

  async #start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await this.#head.load();
  }
}
