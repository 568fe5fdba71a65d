import { readFileSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes that LMDB may write besides the records: inner pages and its list of free pages. */
const BESIDES = 262_144;
/** Bytes per record, including a long name and half-empty pages. */
const RECORD = 1024;
/** If anything on a page changes, the whole page is written to another place. */
const PAGE = 4096;

/** What a transaction writes: the number of records, and how many bytes they have beyond the usual size. */
export interface Change {
  readonly records: number;
  readonly bytes?: number;
}

/**
 * Throws if the disk has no room to change or create the file at `path`, or if files may not become so large. Call it before
 * LMDB does the work: if its lock file can't be made, LMDB aborts the process, and if a write fails, it prints to stderr in
 * the middle of the log, and sometimes damages the memory of the process.
 */
export function refuseFullDisk(path: string, { records, bytes = 0 }: Change = { records: 0 }): void {
  const { blocks, bavail, bsize } = statfsSync(dirname(path));
  const isUnknown = blocks === 0;
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const needed = BESIDES + records * RECORD + bytes + Math.min(records * PAGE, size);
  if (size + needed > (largestFile ??= fileSizeLimit()))
    throw new Error('files may not become large enough (ulimit -f)');
  if (isUnknown || bavail * bsize >= needed) return;
  throw new Error('too little room is left on the disk');
}

let largestFile: number | undefined;

/** Bytes that a file of this process may have. */
function fileSizeLimit(): number {
  try {
    const [, bytes] = /^Max file size +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return bytes === undefined ? Infinity : Number(bytes);
  } catch {
    // Only Linux says.
    return Infinity;
  }
}

/**
 * What to throw if a write fails anyway: because of a quota, or a disk that has just filled up. LMDB has then written to
 * stderr without a line end. This adds it, so that the log continues on a new line.
 */
export function writeError(error: unknown): unknown {
  const [, reason] = /^(?:Error: )?(.*): Attempting to write page/.exec(String(error)) ?? [];
  if (reason === undefined) return error;
  try {
    writeSync(2, '\n');
  } catch {
    // Nobody reads it.
  }
  return new Error(reason, { cause: error });
}
