import type { Stats } from 'node:fs';

/** Milliseconds within which a file system may give two writes the same time. */
const TICK = 20;

/** Times of the file that was written, in milliseconds since 1970. */
export interface Written {
  readonly mtime: number;
  readonly ctime: number;
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
