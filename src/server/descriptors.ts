import { readFileSync } from 'node:fs';

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
