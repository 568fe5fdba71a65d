import { lstatSync, renameSync, unlinkSync } from 'node:fs';
import type { ImageState } from '../../../protocol';
import { isAsWritten } from '../../disk/file-state';
import type { Placed } from './order';

/** Where a verified image is, and where it belongs. */
export interface Place {
  readonly part: string;
  readonly target: string;
  /** An existing file must stay. */
  readonly keepsOthers: boolean;
}

/**
 * Renames a part that was verified and has its time. Undefined if an existing file must stay, or one has appeared in the
 * meantime. The part is gone in any case. Throws the system's error.
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
