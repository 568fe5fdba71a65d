import { ProtocolError } from '../errors';

/** Limits the work in progress per address, so that no client takes the capacity of all. */
export class Shares {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws BUSY if this address has reached its limit. */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    const taken = this.#taken.get(address) ?? 0;
    if (taken >= this.#most)
      throw new ProtocolError('BUSY', 'Too many images are being rendered for this address: try again soon.');
    this.#taken.set(address, taken + 1);
    try {
      return await work();
    } finally {
      const left = this.#taken.get(address)! - 1;
      if (left > 0) this.#taken.set(address, left);
      else this.#taken.delete(address);
    }
  }
}
