import { ResoError } from '../errors';

/** Digests to remember. A folder with more such images has other problems. */
const MOST = 10_000;
/** A single crash can have other causes, such as a machine out of memory. */
const MOST_CRASHES = 2;

/** Images that crashed or hung a decoder. */
export class Crashes {
  readonly #counts = new Map<string, number>();

  /** Throws NOT_RENDERABLE for an image that has done so too often. */
  check(sha256: string): void {
    if ((this.#counts.get(sha256) ?? 0) >= MOST_CRASHES)
      throw new ResoError(
        'NOT_RENDERABLE',
        'The image has crashed the decoder twice and is not tried again.',
      );
  }

  note(sha256: string): void {
    const count = (this.#counts.get(sha256) ?? 0) + 1;
    this.#counts.delete(sha256);
    this.#counts.set(sha256, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MOST) this.#counts.delete(oldest!);
  }
}
