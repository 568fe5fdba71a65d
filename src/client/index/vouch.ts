import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { ImageState } from '../../protocol';
import type { IndexEntry } from './index-record';

/** The server that a version belongs to: versions of different servers can't be compared. */
export function originOf(address: string): string {
  return createHash('sha256').update(address).digest('hex').slice(0, 16);
}

/**
 * Whether the local file is still the one in `entry`. Its ctime can't be reset, and a file that replaces it has another
 * one; inodes are not compared, because some file systems make them up.
 */
export function isUntouched(entry: IndexEntry, found: Stats | undefined): boolean {
  if (!found?.isFile() || found.size !== entry.size) return false;
  return found.mtimeMs === entry.mtime && found.ctimeMs === entry.ctime;
}

/** Whether the server still has what `entry` describes. The digest decides if the server gives it. */
export function isCurrent(entry: IndexEntry, listed: ImageState, origin: string): boolean {
  if (entry.size !== listed.size) return false;
  if (listed.sha256 !== undefined) return listed.sha256 === entry.sha256;
  return entry.origin === origin && entry.version === listed.version;
}
