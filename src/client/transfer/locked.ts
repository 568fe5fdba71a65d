import type { Stats } from 'node:fs';
import { RemoteError, ResoError } from '../../errors';
import { hashLocal } from './existing';
import type { LockedState } from '../plan/select';

/** Whether the file at `path` is in the state that a lock names; no server is asked. */
export async function isInState(
  path: string,
  name: string,
  found: Stats,
  { size, sha256 }: LockedState,
): Promise<boolean> {
  return found.isFile() && found.size === size && (await hashLocal(path, name)) === sha256;
}

/** `error` as what it means for an image that must be in a locked state, where it says that it is in another. */
export function asLocked(error: unknown, name: string, hasPartial: boolean): unknown {
  if (!(error instanceof RemoteError)) return error;
  // With a partial it may be the version of that, which is dropped then.
  if (hasPartial && error.code === 'CHANGED') return error;
  const why = DIFFERENT[error.code];
  return why === undefined ? error : new ResoError('LOCKED', why, { image: name, cause: error });
}

const ADVICE = "Bring it back there, or make a new lock file with 'reso lock'.";

const DIFFERENT: Readonly<Partial<Record<string, string>>> = {
  CHANGED: `The server's image is not the one that the lock file names. ${ADVICE}`,
  NOT_FOUND: `The server no longer has the image that the lock file names. ${ADVICE}`,
};
