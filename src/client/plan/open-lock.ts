import { lazy } from '../lazy';
import type { Lock } from '../commands/lock/options';

/**
 * The lock file at `path`, checked from its first line to its last. It is read again whenever its entries are asked
 * for. Throws USAGE, naming the line, for what is none.
 */
export function openLock(path: string): Promise<Lock> {
  return lazy.lockFile().openLock(path);
}
