import { lstatSync, renameSync, unlinkSync } from 'node:fs';
import type { ImageState } from '../../../protocol';
import { isAsWritten } from '../../disk/file-state';
import type { Placed } from './order';

/** Where a verified image lies, and where it is to lie. */
export interface Place {
  readonly part: string;
  readonly target: string;
  /** Whatever lies there stays. */
  readonly keepsOthers: boolean;
}

/**
 * Gives a part that was proven, and has its time, its final name. Undefined where something lies there that stays, or
 * came to lie there since. The part is gone in any case. Throws what the system says.
 */
export function placeImage(
  { size, mtime, version, sha256 }: ImageState & { sha256: string },
  place: Place,
): Placed | undefined {
  if (!giveName(place)) return undefined;
  const found = lstatSync(place.target);
  if (!isAsWritten(found, { size, mtime })) return undefined;
  return { size, mtime, version, sha256, written: { mtime: found.mtimeMs, ctime: found.ctimeMs } };
}

function giveName({ part, target, keepsOthers }: Place): boolean {
  let isDone = false;
  try {
    if (keepsOthers && lstatSync(target, { throwIfNoEntry: false })) return false;
    renameSync(part, target);
    isDone = true;
  } finally {
    if (!isDone) unlinkSync(part);
  }
  return true;
}
