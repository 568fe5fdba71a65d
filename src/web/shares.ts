import { ProtocolError } from '../errors';

/** Limits the work in progress per address, so that no client takes the capacity of all. */
export class Shares {
  readonly #most: number;
  readonly #refusal: string;
  readonly #taken = new Map<string, number>();

  constructor(most: number, refusal: string) {
    this.#most = most;
    this.#refusal = refusal;
  }

  /** Throws BUSY if this address has reached its limit. */
  async run<T>(address: string, work: () => Promise<T>): Promise<T> {
    const taken = this.#taken.get(address) ?? 0;
    if (taken >= this.#most) throw new ProtocolError('BUSY', this.#refusal);
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
