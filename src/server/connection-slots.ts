/** How many connections there may be. */
export interface PlaceLimits {
  readonly total: number;
  /** From one address; 0: as many as there are. */
  readonly perAddress: number;
}

/** Beyond its limits a server says so, but not to any number of clients at once. */
const STANDING = 256;

/** Counts connections. */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** To be followed by `leave`, whatever comes of it. False: one too many even to be told so. */
  enter(address: string): boolean {
    this.#total++;
    if (this.#limits.perAddress > 0) this.#perAddress.set(address, this.#from(address) + 1);
    return !this.#isBeyond(address, STANDING);
  }

  /** Whether somebody who has entered from there can't be served. */
  isCrowded(address: string): boolean {
    return this.#isBeyond(address, 0);
  }

  #isBeyond(address: string, tolerance: number): boolean {
    const { total, perAddress } = this.#limits;
    if (this.#total > total + tolerance) return true;
    return perAddress > 0 && this.#from(address) > perAddress + tolerance;
  }

  #from(address: string): number {
    return this.#perAddress.get(address) ?? 0;
  }

  leave(address: string): void {
    this.#total--;
    const left = this.#from(address) - 1;
    if (left > 0) this.#perAddress.set(address, left);
    else this.#perAddress.delete(address);
  }
}
