import { statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes that LMDB may write beside what changes: what leads there, and what it notes of free pages. */
const BESIDES = 262_144;
/** For a record, a long name and half-empty pages included. */
const RECORD = 1024;
/** A page is written as a whole, and to another place, for whatever changes on it. */
const PAGE = 4096;

/** What a transaction writes: so many records, and so many bytes in them beside the usual ones. */
export interface Change {
  readonly records: number;
  readonly bytes?: number;
}

/**
 * Throws where the disk has no room for a change to the file at `path`, or to make it. To be asked before LMDB is: its
 * lock file, mapped into memory, ends the process where it can't be made, and what it can't write it tells of on stderr,
 * in the middle of the log.
 */
export function refuseFullDisk(path: string, { records, bytes = 0 }: Change = { records: 0 }): void {
  const { blocks, bavail, bsize } = statfsSync(dirname(path));
  const isUnknown = blocks === 0;
  const copied = Math.min(records * PAGE, statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  if (isUnknown || bavail * bsize >= BESIDES + records * RECORD + bytes + copied) return;
  throw new Error('too little room is left on the disk');
}

/**
 * What to throw where a write fails all the same, for a quota, a limit on files, or a disk that fills up meanwhile. LMDB
 * has said so on stderr then, and left the line open: what the log writes next would not begin a line.
 */
export function writeError(error: unknown): unknown {
  const [, reason] = /^(?:Error: )?(.*): Attempting to write page/.exec(String(error)) ?? [];
  if (reason === undefined) return error;
  try {
    writeSync(2, '\n');
  } catch {
    // Nobody takes it.
  }
  return new Error(reason, { cause: error });
}
