import { describeCause, RemoteError, ResoError } from '../../errors';

/** Failures after which a later run may resume from the received bytes. */
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

/** Whether the received bytes are useless and the image must be downloaded again. */
export function isSpoilt(error: ResoError): boolean {
  if (error instanceof RemoteError) return error.code === 'CHANGED' || error.code === 'BAD_RANGE';
  return error.code === 'DIGEST_MISMATCH';
}

export function unexpected(cause: unknown, image: string): ResoError {
  return new ResoError('INTERNAL', `Unexpected error: ${describeCause(cause)}.`, {
    cause,
    image,
  });
}

/** The received bytes don't match the server's digest. Both are SHA-256, hexadecimal. */
export function mismatch(image: string, expected: string, actual: string): ResoError {
  const advice = 'Run the command again. If it keeps happening, check the network and the disks.';
  return new ResoError(
    'DIGEST_MISMATCH',
    `The received data is damaged: its SHA-256 is ${actual}, but the server's is ${expected}. ${advice}`,
    { image },
  );
}

/** Translates `error` for an image that must be in a locked state, if it means that the image is in another. */
export function asLocked(error: unknown, name: string, hasPartial: boolean): unknown {
  if (!(error instanceof RemoteError)) return error;
  // With a partial it may be about the partial's version; the partial is then dropped.
  if (hasPartial && error.code === 'CHANGED') return error;
  const why = DIFFERENT[error.code];
  return why === undefined ? error : new ResoError('LOCKED', why, { image: name, cause: error });
}

/** The server's image of this name differs from the locked state. */
export function differsFromLock(image: string): ResoError {
  return new ResoError('LOCKED', DIFFERENT['CHANGED']!, { image });
}

const ADVICE = "Restore it on the server, or make a new lock file with 'reso lock'.";

const DIFFERENT: Readonly<Partial<Record<string, string>>> = {
  CHANGED: `The server's image differs from the one in the lock file. ${ADVICE}`,
  NOT_FOUND: `The server no longer has the image in the lock file. ${ADVICE}`,
};
