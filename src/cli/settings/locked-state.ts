import { addAbortSignal } from 'node:stream';
import { openLock, type Lock } from '../../index';

/** The lock file that `--locked` names, or `-` for stdin; undefined without it. Throws USAGE, also once `signal` is given. */
export async function lockedState(path: string | undefined, signal: AbortSignal): Promise<Lock | undefined> {
  if (path === undefined) return undefined;
  return openLock(path === '-' ? addAbortSignal(signal, process.stdin) : path);
}
