import { ProtocolError } from '../errors';

/** Counts what is under way for each address, so that nobody takes all that there is for everybody. */
export class Shares {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws BUSY if so much is under way for this address. */
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
