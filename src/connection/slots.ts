import { readFileSync } from 'node:fs';

/** Limits on connections. */
export interface ConnectionLimits {
  readonly total: number;
  /** From one address; 0: no separate limit. */
  readonly perAddress: number;
}

/** Clients beyond the limits that are told so at the same time; more are just disconnected. */
const STANDING = 256;

/** Counts connections. */
export class ConnectionSlots {
  readonly #limits: ConnectionLimits;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Every call must be followed by `leave`, whatever the result. False: there are too many clients even to say so. */
  enter(address: string): boolean {
    this.#total++;
    if (this.#limits.perAddress > 0) this.#perAddress.set(address, this.#from(address) + 1);
    return !this.#isBeyond(address, STANDING);
  }

  /** Whether a client that has entered from this address can't be served. */
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

/** Descriptors that the server itself needs: for the program, its catalog, the folder, a few images. */
const RESERVED = 32;
/** The share of the others that is reserved for requested images, and how many are always enough. */
const SHARE = 0.2;
const ENOUGH = 1024;
/** This many connections are always allowed. */
const LEAST = 4;

/** Descriptors that this process may open; Infinity if that is unknown (no /proc). */
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
