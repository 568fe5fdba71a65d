import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Two pieces of this size are in memory for each file being read. */
const CHUNK = 524_288;

/** Feeds the bytes of `file` from `start` up to `end` into `hash`; returns where it stopped, which may be earlier. */
export async function hashInto(
  hash: Hash,
  file: FileHandle,
  end: number,
  start = 0,
  check: () => void = () => undefined,
): Promise<number> {
  const size = Math.min(CHUNK, Math.max(end - start, 1));
  // The next piece is read while this one is hashed.
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
    check();
    reading = bytesRead > 0 && position < end ? read(which, position) : undefined;
    // Awaited when its turn comes.
    reading?.catch(() => undefined);
    hash.update(piece);
  }
  return position;
}
