import { compareNames } from '../../names';

/** Looks names up in what is sorted, where the names are asked for in ascending order as well. */
export class Cursor<T extends { readonly name: string }> {
  readonly #source: AsyncIterator<T>;
  #head: T | undefined;
  #started = false;

  constructor(source: AsyncIterable<T>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async find(name: string): Promise<T | undefined> {
    if (!this.#started) await this.#advance();
    while (this.#head && compareNames(this.#head.name, name) < 0) await this.#advance();
    return this.#head?.name === name ? this.#head : undefined;
  }

  /** Reads to the end. */
  async drain(): Promise<void> {
    if (!this.#started) await this.#advance();
    while (this.#head) await this.#advance();
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #advance(): Promise<void> {
    this.#started = true;
    const next = await this.#source.next();
    this.#head = next.done ? undefined : next.value;
  }
}
