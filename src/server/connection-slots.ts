import { readFileSync } from 'node:fs';

/** How many connections there may be. */
export interface ConnectionLimits {
  readonly total: number;
  /** From one address; 0: as many as there are. */
  readonly perAddress: number;
}

/** Beyond its limits a server says so, but not to any number of clients at once. */
const STANDING = 256;

/** Counts connections. */
export class ConnectionSlots {
  readonly #limits: ConnectionLimits;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits) {
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

/** Descriptors that a server needs for itself: the program, its catalog, the folder, a few images. */
const RESERVED = 32;
/** The part of the others that is kept for the images that are asked for, and how many are enough in any case. */
const SHARE = 0.2;
const ENOUGH = 1024;
/** So many are served in any case. */
const LEAST = 4;

/** Descriptors that this process may have; Infinity where that can't be known (no /proc). */
export function descriptorLimit(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return limit === undefined ? Infinity : Number(limit);
  } catch {
    return Infinity;
  }
}

/** `wanted` connections, or as many as `descriptors` allow. */
export function affordable(wanted: number, descriptors: number): number {
  const free = descriptors - RESERVED;
  const forImages = Math.min(ENOUGH, Math.ceil(free * SHARE));
  return Math.min(wanted, Math.max(LEAST, free - forImages));
}
