import type { Pool } from '../pool';
import type { Division } from './stripes';

/** Bytes of one stripe. */
const STRIPE = 2 * 1_048_576;
/** Stripes under way for each connection: the next ones are on their way while one comes. */
const FOR_EACH_CONNECTION = 3;

/** The rest of an image in one piece. */
const WHOLE: Division = { length: Infinity, atATime: 1 };

/**
 * Which image of a download comes in stripes. One at a time: what is held back for its sake is bounded then, and the
 * others keep the connections busy as they are.
 */
export class Striping {
  readonly #pool: Pool;
  #image: object | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /**
   * How many bytes of `image` are to be asked for first, of `left` that there are; undefined: all. Where it is not
   * known how many there are, these are enough for most images.
   */
  firstOf(image: object, left: number | undefined): number | undefined {
    if (left === undefined) return this.#isFree ? STRIPE : undefined;
    return left > STRIPE && this.#enter(image) ? STRIPE : undefined;
  }

  /** How the rest of `image` is to be asked for. */
  divisionFor(image: object): Division {
    if (!this.#enter(image)) return WHOLE;
    return { length: STRIPE, atATime: this.#pool.connections * FOR_EACH_CONNECTION };
  }

  /** `image` has come, or won't. */
  leave(image: object): void {
    if (this.#image === image) this.#image = undefined;
  }

  get #isFree(): boolean {
    return this.#image === undefined && this.#pool.connections > 1;
  }

  #enter(image: object): boolean {
    if (this.#isFree) this.#image = image;
    return this.#image === image;
  }
}
