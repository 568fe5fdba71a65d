import type { Stats } from 'node:fs';

/** Milliseconds within which a file system may give two writes the same timestamp. */
const TICK = 20;

/** Times of the written file, in milliseconds since 1970. */
export interface Written {
  readonly mtime: number;
  readonly ctime: number;
}

/** Whether a file was not touched between two checks. */
export function isSame(before: Stats | undefined, after: Stats): boolean {
  // A file written within the last clock tick may be written again without a trace.
  return looksSame(before, after) && Date.now() - after.ctimeMs > TICK;
}

/** Whether two stats of a file are the same. */
export function looksSame(before: Stats | undefined, after: Stats): boolean {
  if (before?.size !== after.size || before.mtimeMs !== after.mtimeMs) return false;
  return before.ctimeMs === after.ctimeMs;
}

/** Whether the file has the image's time, in microseconds: as exactly as a double of milliseconds can represent it. */
export function hasTime(found: Stats, mtime: number): boolean {
  return Math.abs(found.mtimeMs * 1000 - mtime) < 1000;
}

/** Whether `found` is what was just written: file systems store times with a resolution of two seconds at worst. */
export function isAsWritten(found: Stats, { size, mtime }: { size: number; mtime: number }): boolean {
  return found.isFile() && found.size === size && Math.abs(found.mtimeMs - mtime / 1000) <= 2000;
}
