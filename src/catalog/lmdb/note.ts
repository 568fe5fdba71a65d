import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

const SHA256_LINE = /^[0-9a-f]{64}\n$/;

/** Beside a file that nobody has written to since it was left in order lies its SHA-256. */
export const noteOf = (path: string) => `${path}.sha256`;

/** The SHA-256 that the file at `path` was left with; undefined where it was written to since, and left by a kill. */
export async function readNote(path: string): Promise<string | undefined> {
  const text = await readFile(noteOf(path), 'utf8').catch(() => '');
  return SHA256_LINE.test(text) ? text : undefined;
}

/** To be called in each transaction that writes, before it does: what is noted is not so any more. */
export function emptyNote(path: string): void {
  const note = noteOf(path);
  if (statSync(note, { throwIfNoEntry: false })?.size === 0) return;
  const file = openSync(note, 'w');
  try {
    // Once a note only: a power loss must not leave it beside what is written next.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Notes how the file at `path` is. Others may have it open and write to it meanwhile: then there is no note, for they
 * empty it, and a claim in it shows whether they did. `inTransaction` keeps them from writing while it calls.
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

/** The SHA-256 of the file at `path`, as it stands in a note. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash);
  return `${hash.digest('hex')}\n`;
}
