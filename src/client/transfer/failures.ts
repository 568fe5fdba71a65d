import { describeCause, RemoteError, ResoError } from '../../errors';

/** Failures after which a later run may go on from what came. */
export const KEEPS_PARTIAL: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'DISCONNECTED',
  'TIMEOUT',
  'BUSY',
  'CLOSING',
  'ABORTED',
  'DISK',
  'UNREADABLE',
  'UNAVAILABLE',
  'INTERNAL',
]);

/** Whether what came is of no use, and the image is to be fetched anew. */
export function isSpoilt(error: ResoError): boolean {
  if (error instanceof RemoteError) return error.code === 'CHANGED' || error.code === 'BAD_RANGE';
  return error.code === 'DIGEST_MISMATCH';
}

export function unexpected(cause: unknown, image: string): ResoError {
  return new ResoError('INTERNAL', `Something unexpected happened: ${describeCause(cause)}.`, {
    cause,
    image,
  });
}

/** What came is not what the server says it is: SHA-256, hexadecimal. */
export function mismatch(image: string, expected: string, actual: string): ResoError {
  const advice = 'Run it again; if that stays so, the network or a disk is at fault.';
  return new ResoError(
    'DIGEST_MISMATCH',
    `What came is damaged: its SHA-256 is ${actual}, the server's is ${expected}. ${advice}`,
    { image },
  );
}

/** `error` as what it means for an image that must be in a locked state, where it says that it is in another. */
export function asLocked(error: unknown, name: string, hasPartial: boolean): unknown {
  if (!(error instanceof RemoteError)) return error;
  // With a partial it may be the version of that, which is dropped then.
  if (hasPartial && error.code === 'CHANGED') return error;
  const why = DIFFERENT[error.code];
  return why === undefined ? error : new ResoError('LOCKED', why, { image: name, cause: error });
}

/** The server has an image of this name, and not in the state that is locked. */
export function differsFromLock(image: string): ResoError {
  return new ResoError('LOCKED', DIFFERENT['CHANGED']!, { image });
}

const ADVICE = "Bring it back there, or make a new lock file with 'reso lock'.";

const DIFFERENT: Readonly<Partial<Record<string, string>>> = {
  CHANGED: `The server's image is not the one that the lock file names. ${ADVICE}`,
  NOT_FOUND: `The server no longer has the image that the lock file names. ${ADVICE}`,
};
