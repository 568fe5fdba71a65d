/** Names that are an image's and a folder's at once: in S3 both may exist, on a disk they can't. */
export interface DoubleNames {
  readonly count: number;
  readonly example: string | undefined;
}

/** A name that others begin with. */
interface Begun {
  readonly name: string;
  isCounted: boolean;
}

/**
 * Finds images such as `a.jpg` beside `a.jpg/b.jpg`. The parts of a list come in any order, but each in order of its names,
 * where `a.jpg` comes before everything that begins like it: only names that the current one begins with are kept. Those that
 * the last name of a part begins with may go on in another, and are counted at the end.
 */
export class DoubleNameFinder {
  readonly #ends: readonly string[];
  readonly #images = new Set<string>();
  readonly #folders = new Set<string>();
  #count = 0;
  #example: string | undefined;

  /** `ends`: the last name of each part, but for the last part. */
  constructor(ends: readonly string[]) {
    this.#ends = ends;
  }

  /** A new part: call what it returns with each name, in order. */
  part(): (name: string) => void {
    const begun: Begun[] = [];
    return (name) => {
      while (begun.length > 0 && !name.startsWith(begun.at(-1)!.name)) begun.pop();
      for (const one of begun) if (!one.isCounted && name[one.name.length] === '/') this.#found(one);
      this.#noteAtEnd(name);
      // Counted at the end, if at all.
      begun.push({ name, isCounted: this.#images.has(name) });
    };
  }

  /** What was found, once all parts are over. */
  get all(): DoubleNames {
    const others = [...this.#images].filter((name) => this.#folders.has(name));
    return { count: this.#count + others.length, example: this.#example ?? others[0] };
  }

  #found(one: Begun): void {
    one.isCounted = true;
    this.#count++;
    this.#example ??= one.name;
  }

  #noteAtEnd(name: string): void {
    if (this.#ends.length === 0) return;
    if (this.#isAtEnd(name)) this.#images.add(name);
    for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
      const folder = name.slice(0, slash);
      if (this.#isAtEnd(folder)) this.#folders.add(folder);
    }
  }

  #isAtEnd(name: string): boolean {
    return this.#ends.some((end) => end.startsWith(name));
  }
}
