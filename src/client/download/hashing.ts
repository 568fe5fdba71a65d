import { createHash } from 'node:crypto';

let isPrepared = false;

/** What the first digest of a process has to load takes milliseconds: best while the server has its turn. */
export function prepareHashing(): void {
  if (isPrepared) return;
  isPrepared = true;
  createHash('sha256');
}
