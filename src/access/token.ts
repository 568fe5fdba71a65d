import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Bytes of chance in a new token: as many as SHA-256 can tell apart. */
const TOKEN_BYTES = 32;
/** Makes a token that got into the wrong place easy to search for. */
const MARK = 'reso_';

/** Characters that a token may have at least and at most: fewer can be guessed, more are not sent. */
export const MIN_TOKEN = 16;
export const MAX_TOKEN = 4096;

/** A new token that nobody can guess. */
export function newToken(): string {
  return MARK + randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What is kept of a token, and compared: it has the same length for all of them, and tells nothing about it. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** The one of `known` that has this digest. Takes as long whichever it is, and if it is none. */
export function findByDigest<T extends { readonly digest: Buffer }>(
  known: readonly T[],
  digest: Buffer,
): T | undefined {
  let found: T | undefined;
  for (const one of known) if (timingSafeEqual(one.digest, digest)) found = one;
  return found;
}
