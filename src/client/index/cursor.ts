import { compareNames } from '../../names';
import { Head, type Named } from './head';

/** Looks names up in what is sorted, where the names are asked for in ascending order as well. */
export class Cursor<T extends Named> {
  readonly #head: Head<T>;
  #started = false;

  constructor(source: AsyncIterable<readonly T[]>) {
    this.#head = new Head(source);
  }

  /** What there is of each of `names`. */
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
