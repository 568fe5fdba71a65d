import { createHash } from 'node:crypto';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { describeCause, LocalError, ResoError } from '../../errors';
import { hashInto } from '../../files';

export interface HashOptions {
  /** Bytes that it should have; a longer file is read only one byte further. Default: to the end. */
  readonly size?: number;
  /** Called before each piece; if it throws, reading stops. */
  readonly check?: () => void;
  /** The name of the file in errors. */
  readonly what?: string;
}

/** SHA-256 of the file at `path`, hexadecimal. Throws DISK. */
export async function hashFile(path: string, image: string, options: HashOptions = {}): Promise<string> {
  const { size = Number.MAX_SAFE_INTEGER, check, what = COPY } = options;
  const file = await openCopy(path, image, what);
  const hash = createHash('sha256');
  try {
    await hashInto(hash, file, Math.min(size + 1, Number.MAX_SAFE_INTEGER), 0, check);
    return hash.digest('hex');
  } catch (cause) {
    throw unreadable(cause, image, what);
  } finally {
    // It was only read.
    await file.close().catch(() => undefined);
  }
}

const COPY = 'The local copy';

/** Opens a local copy for reading, without following links or waiting for a FIFO. Throws DISK. */
export async function openCopy(path: string, image: string, what = COPY): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw unreadable(cause, image, what);
  }
}

function unreadable(cause: unknown, image: string, what: string): ResoError {
  if (cause instanceof ResoError) return cause;
  return new LocalError('DISK', `${what} can't be read: ${describeCause(cause)}.`, { cause, image });
}

let isPrepared = false;

/**
 * Loads what the first digest of a process needs, which takes two milliseconds. Best done while the server works, so only
 * after the requests of this turn of the event loop have been sent.
 */
export function prepareHashing(): void {
  if (isPrepared) return;
  isPrepared = true;
  setImmediate(() => void createHash('sha256'));
}
