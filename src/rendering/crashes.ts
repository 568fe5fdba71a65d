import { ResoError } from '../errors';

/** Digests that are remembered. A folder with more images of this kind has other worries. */
const MOST = 10_000;
/** One crash may have been another's fault, such as a machine without memory. */
const MOST_CRASHES = 2;

/** Images that ended a decoder. */
export class Crashes {
  readonly #counts = new Map<string, number>();

  /** Throws NOT_RENDERABLE for an image that has done it too often. */
  check(sha256: string): void {
    if ((this.#counts.get(sha256) ?? 0) >= MOST_CRASHES)
      throw new ResoError('NOT_RENDERABLE', 'The image has ended its decoder twice: it is not tried again.');
  }

  note(sha256: string): void {
    const count = (this.#counts.get(sha256) ?? 0) + 1;
    this.#counts.delete(sha256);
    this.#counts.set(sha256, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MOST) this.#counts.delete(oldest!);
  }
}
