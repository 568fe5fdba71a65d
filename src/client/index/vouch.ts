import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { ImageState } from '../../protocol';
import type { IndexEntry } from './index-record';

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
