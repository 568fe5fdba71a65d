import { createHash } from 'node:crypto';

/** Characters of a seal. */
export const SEAL_LENGTH = 16;

/** What proves that a record on disk is still as it was written: a part of the SHA-256 of all its parts. */
export function seal(texts: readonly string[], bytes?: Buffer): string {
  let parts = '';
  for (const text of texts) parts += `${text.length}:${text}`;
  const hash = createHash('sha256').update(parts);
  if (bytes) hash.update(`${bytes.length}:`).update(bytes);
  return hash.digest('hex').slice(0, SEAL_LENGTH);
}
