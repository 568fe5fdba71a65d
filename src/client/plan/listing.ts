import type { ImageEntry, Page } from '../../protocol';
import type { Scope } from './scope';

export type Pages = (globs: readonly string[] | undefined) => AsyncIterable<Page>;

/** The server's images changed while they were listed. */
export class Unsteady extends Error {}

/** A list that is of one state of the server: it throws `Unsteady` where a page is of another than the first. */
export class SteadyListing {
  /** Images in the scope so far. */
  count = 0;
  /** What the server can't read so far. */
  unreadable = 0;
  #generation: string | undefined;

  /** `generation` is the state that it has to be of; undefined: any. */
  constructor(generation?: string) {
    this.#generation = generation;
  }

  get generation(): string | undefined {
    return this.#generation;
  }

  async *read(pages: Pages, scope: Scope): AsyncGenerator<readonly ImageEntry[], void, undefined> {
    for await (const { generation, images, unreadable = 0 } of pages(scope.globs)) {
      this.#generation ??= generation;
      if (generation !== this.#generation) throw new Unsteady();
      const inScope = images.filter(({ name }) => scope.has(name));
      this.count += inScope.length;
      this.unreadable += unreadable;
      yield inScope;
    }
  }
}
