import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { ImageState } from '../../protocol';
import type { IndexEntry } from './index-record';

/** Milliseconds within which a file system may give two writes the same time. */
const TICK = 20;

/** Which server a version belongs to: versions of two servers say nothing about each other. */
export function originOf(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 16);
}

/**
 * Whether the local file is still the one that `entry` is about. Its ctime can't be set back, and a file that is put
 * in its place has another one, too; inodes are not compared, for there are file systems that make them up.
 */
export function isUntouched(entry: IndexEntry, found: Stats | undefined): boolean {
  if (!found?.isFile() || found.size !== entry.size) return false;
  return found.mtimeMs === entry.mtime && found.ctimeMs === entry.ctime;
}

/** Whether the server still has what `entry` is about. The digest decides where the server tells it. */
export function isCurrent(entry: IndexEntry, listed: ImageState, origin: string): boolean {
  if (entry.size !== listed.size) return false;
  if (listed.sha256 !== undefined) return listed.sha256 === entry.sha256;
  return entry.origin === origin && entry.version === listed.version;
}

/** Whether nothing was done to a file between two looks at it. */
export function isSame(before: Stats | undefined, after: Stats): boolean {
  // Written to within the last tick it may be written to again without a trace.
  return looksSame(before, after) && Date.now() - after.ctimeMs > TICK;
}

/** Whether two looks at a file show no difference. */
export function looksSame(before: Stats | undefined, after: Stats): boolean {
  if (before?.size !== after.size || before.mtimeMs !== after.mtimeMs) return false;
  return before.ctimeMs === after.ctimeMs;
}

/** Whether the file has the image's time, in microseconds: as exactly as the roughest double of milliseconds has it. */
export function hasTime(found: Stats, mtime: number): boolean {
  return Math.abs(found.mtimeMs * 1000 - mtime) < 1000;
}

/** Whether `found` is what was just written: file systems keep a time to two seconds at worst. */
export function isAsWritten(found: Stats, { size, mtime }: { size: number; mtime: number }): boolean {
  return found.isFile() && found.size === size && Math.abs(found.mtimeMs - mtime / 1000) <= 2000;
}
