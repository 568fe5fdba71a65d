import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const CHUNK = 1_048_576;

/** Feeds the first `length` bytes of `file` into `hash`; gives how many there were. */
export async function hashInto(hash: Hash, file: FileHandle, length: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(length, 1)));
  let position = 0;
  while (position < length) {
    const wanted = Math.min(buffer.length, length - position);
    const { bytesRead } = await file.read(buffer, 0, wanted, position);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return position;
}

/** SHA-256 of a whole file, hexadecimal. */
export async function hashFile(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  await hashInto(hash, file, Number.MAX_SAFE_INTEGER);
  return hash.digest('hex');
}
