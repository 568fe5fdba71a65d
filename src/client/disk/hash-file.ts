import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const CHUNK = 1_048_576;

/** Feeds the bytes of `file` from `start` up to `end` into `hash`; gives where it ended, which may be earlier. */
export async function hashInto(hash: Hash, file: FileHandle, end: number, start = 0): Promise<number> {
  const size = Math.min(CHUNK, Math.max(end - start, 1));
  // The next piece is read while one is hashed.
  const buffers = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)] as const;
  const read = (which: 0 | 1, position: number) =>
    file.read(buffers[which], 0, Math.min(size, end - position), position);
  let which: 0 | 1 = 0;
  let position = start;
  let reading = position < end ? read(which, position) : undefined;
  while (reading) {
    const { bytesRead } = await reading;
    position += bytesRead;
    const piece = buffers[which].subarray(0, bytesRead);
    which = which === 0 ? 1 : 0;
    reading = bytesRead > 0 && position < end ? read(which, position) : undefined;
    // Looked at when its turn comes.
    reading?.catch(() => undefined);
    hash.update(piece);
  }
  return position;
}

/** SHA-256 of a whole file, hexadecimal. */
export async function hashFile(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  await hashInto(hash, file, Number.MAX_SAFE_INTEGER);
  return hash.digest('hex');
}

let isPrepared = false;

/**
 * Loads what the first digest of a process needs, which takes two milliseconds: best while the server has its turn, and
 * so not before what was asked for in this turn of the event loop has gone out.
 */
export function prepareHashing(): void {
  if (isPrepared) return;
  isPrepared = true;
  setImmediate(() => void createHash('sha256'));
}
