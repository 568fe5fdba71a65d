import { createHash } from 'node:crypto';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { describeCause, LocalError, ResoError } from '../../errors';

const CHUNK = 1_048_576;

/** Opens a local copy for reading: no link is followed, and nothing waits for a FIFO. Throws DISK. */
export async function openCopy(path: string, image: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw unreadable(cause, image);
  }
}

/** SHA-256 of the file at `path`, hexadecimal. `check` is called between two reads and may throw. Throws DISK. */
export async function hashCopy(
  path: string,
  image: string,
  size: number,
  check: () => void,
): Promise<string> {
  const file = await openCopy(path, image);
  const hash = createHash('sha256');
  // One byte more than there should be shows the end without another read.
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size + 1));
  try {
    for (;;) {
      check();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } catch (cause) {
    throw unreadable(cause, image);
  } finally {
    // It was only read from.
    await file.close().catch(() => undefined);
  }
}

function unreadable(cause: unknown, image: string): ResoError {
  if (cause instanceof ResoError) return cause;
  return new LocalError('DISK', `The local copy can't be read: ${describeCause(cause)}.`, { cause, image });
}
