/** Images to remember. A folder with more such images has other problems. */
const MOST = 10_000;
/** A single crash can have other causes, such as a machine out of memory or a disk that hangs. */
const MOST_CRASHES = 2;

/** Which images have crashed or hung a decoder too often, since the start of the server, to be tried again. */
export class Crashes {
  readonly #counts = new Map<string, number>();

  /** `image`: whatever identifies its bytes. */
  areTooMany(image: string): boolean {
    return (this.#counts.get(image) ?? 0) >= MOST_CRASHES;
  }

  note(image: string): void {
    const count = (this.#counts.get(image) ?? 0) + 1;
    this.#counts.delete(image);
    this.#counts.set(image, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MOST) this.#counts.delete(oldest!);
  }
}
