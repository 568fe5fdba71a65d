import { createHash } from 'node:crypto';

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
