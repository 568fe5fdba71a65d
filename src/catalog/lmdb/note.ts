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

/** The file beside `path` that holds its SHA-256, if nobody has written to it since it was left in order. */
export const noteOf = (path: string) => `${path}.sha256`;

/** The SHA-256 that the file at `path` was left with. Undefined if somebody wrote to it since, and was killed. */
export async function readNote(path: string): Promise<string | undefined> {
  const text = await readFile(noteOf(path), 'utf8').catch(() => '');
  return SHA256_LINE.test(text) ? text : undefined;
}

/** Call this in each transaction that writes, before it does: the note is not true any more. */
export function emptyNote(path: string): void {
  const note = noteOf(path);
  if (statSync(note, { throwIfNoEntry: false })?.size === 0) return;
  const file = openSync(note, 'w');
  try {
    // Needed once for each note: after a power loss it must not lie beside newer data.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Notes the SHA-256 of the file at `path`. Others may have the file open, and may write to it meanwhile. They empty the
 * note then. So this leaves a claim in it first: if that is still there at the end, nobody wrote, and the note is made.
 * `inTransaction` keeps others from writing while it calls.
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
