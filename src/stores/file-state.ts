import { constants, type BigIntStats } from 'node:fs';
import type { StoredState } from './image-store';

/** Nanoseconds per microsecond. */
const NANOSECONDS = 1000n;
/** Nanoseconds per millisecond. */
const MICROSECONDS = 1000;
const EARLIEST = BigInt(Number.MIN_SAFE_INTEGER);
const LATEST = BigInt(Number.MAX_SAFE_INTEGER);

export function stateOf(stats: BigIntStats): StoredState {
  return {
    size: Number(stats.size),
    mtime: microseconds(stats.mtimeNs),
    version: versionOf(stats),
    changedAt: Number(stats.ctimeNs / NANOSECONDS) / MICROSECONDS,
  };
}

/**
 * Whether `user` may read the file as its owner. For the owner only the owner's permissions count, whatever those of others
 * and the access control list say: see acl(5). Where the kernel has other reasons to refuse, that shows at opening.
 */
export function isOwnersToRead({ uid, mode }: BigIntStats, user: number | undefined): boolean {
  return Number(uid) === user && (Number(mode) & constants.S_IRUSR) !== 0;
}

/** Whether both are the same state: equivalent to comparing their versions, without formatting them. */
export function isSameState(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino;
}

/**
 * Whoever writes the file can reset its size and mtime, but not its ctime; the inode distinguishes it from another file
 * that took its place.
 */
function versionOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return `${size.toString(36)}.${mtimeNs.toString(36)}.${ctimeNs.toString(36)}.${ino.toString(36)}`;
}

function microseconds(nanoseconds: bigint): number {
  const truncated = nanoseconds / NANOSECONDS;
  const floor = nanoseconds < 0n && nanoseconds % NANOSECONDS !== 0n ? truncated - 1n : truncated;
  if (floor < EARLIEST) return Number.MIN_SAFE_INTEGER;
  return floor > LATEST ? Number.MAX_SAFE_INTEGER : Number(floor);
}
