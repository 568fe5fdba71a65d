import { createHash } from 'node:crypto';

/** Characters of a seal. */
export const SEAL_LENGTH = 16;

/** What proves that a record on disk is still as it was written: a part of the SHA-256 of all its parts. */
export function seal(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, SEAL_LENGTH);
}
