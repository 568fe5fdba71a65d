import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { hashInto } from '../../files';

const SHA256_LINE = /^[0-9a-f]{64}\n$/;

/** The file beside `path` that contains its SHA-256, if nobody has written to it since it was closed cleanly. */
export const noteOf = (path: string) => `${path}.sha256`;

/** The SHA-256 with which the file at `path` was closed. Undefined if a process that wrote to it later was killed. */
export async function readNote(path: string): Promise<string | undefined> {
  const text = await readFile(noteOf(path), 'utf8').catch(() => '');
  return SHA256_LINE.test(text) ? text : undefined;
}

/** Call this in each transaction that writes, before it does: the note is about to become wrong. */
export function emptyNote(path: string): void {
  const note = noteOf(path);
  if (statSync(note, { throwIfNoEntry: false })?.size === 0) return;
  const file = openSync(note, 'w');
  try {
    // Needed once per note: after a power failure it must not remain beside newer data.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Notes the SHA-256 of the file at `path`. Other processes may have the file open and write to it in the meantime; they
 * empty the note first. So this writes a claim into the note and hashes the file: if the claim is still there at the end,
 * nobody wrote, and the note is made. `inTransaction` keeps others from writing during its callback.
 */
export async function writeNote(path: string, inTransaction: (call: () => void) => void): Promise<void> {
  if ((await readNote(path)) !== undefined) return;
  const claim = randomUUID();
  inTransaction(() => writeFileSync(noteOf(path), claim));
  const digest = await fileDigest(path);
  inTransaction(() => {
    if (readFileSync(noteOf(path), 'utf8') === claim) writeFileSync(noteOf(path), digest);
  });
}

/** The SHA-256 of the file at `path`, as written in a note. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    // Not a stream: its buffers stay in memory until they are collected.
    await hashInto(hash, file, Infinity);
  } finally {
    await file.close();
  }
  return `${hash.digest('hex')}\n`;
}
