import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Random bytes in a new token: as many as SHA-256 can distinguish. */
const TOKEN_BYTES = 32;
/** Makes leaked tokens easy to search for. */
const MARK = 'reso_';

/** Fewest and most characters in a token: shorter ones can be guessed, longer ones are not sent. */
export const MIN_TOKEN = 16;
export const MAX_TOKEN = 4096;

/** A new random token. */
export function newToken(): string {
  return MARK + randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is stored and compared instead of a token: always the same length, and it reveals nothing about the token. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The element of `known` with this digest, found in constant time. */
export function findByDigest<T extends { readonly digest: Buffer }>(
  known: readonly T[],
  digest: Buffer,
): T | undefined {
  let found: T | undefined;
  for (const one of known) if (timingSafeEqual(one.digest, digest)) found = one;
  return found;
}
