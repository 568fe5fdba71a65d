/** Most names remembered: after more changes a whole scan is cheaper, and none is forgotten unnoticed. */
const MOST = 1000;

/** Counts changes, and remembers the names of the last ones. */
export class RecentChanges {
  /** Each name with the count at its last change, oldest first. */
  readonly #names = new Map<string, number>();
  /** Changes up to this count are not known by name. */
  #forgotten = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Something of this name has changed, or anything at all. */
  add(name: string | undefined): void {
    this.#count++;
    if (name === undefined) return this.#forget(this.#count);
    this.#names.delete(name);
    this.#names.set(name, this.#count);
    if (this.#names.size <= MOST) return;
    const [oldest, count] = this.#names.entries().next().value!;
    this.#names.delete(oldest);
    this.#forgotten = count;
  }

  /** What has changed since the count was `count`; undefined if that is no longer known. */
  since(count: number): readonly string[] | undefined {
    if (count < this.#forgotten) return undefined;
    return [...this.#names].filter(([, at]) => at > count).map(([name]) => name);
  }

  #forget(count: number): void {
    this.#names.clear();
    this.#forgotten = count;
  }
}
