import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { tokenDigest } from './token';
import type { TokenLine } from './token-file';

/** Seconds for which a browser stays logged in. */
export const COOKIE_AGE = 30 * 86_400;
const KEY_BYTES = 32;
const PURPOSE = 'reso session cookie';

/**
 * What a browser keeps instead of a token: the token's name, when it ends, and a proof that only the token can make. No
 * server has to remember it, any replica with the same token file takes it, and it ends with the token.
 */
export function sessionCookie({ name, token }: Pick<TokenLine, 'name' | 'token'>, now = Date.now()): string {
  const expires = Math.floor(now / 1000) + COOKIE_AGE;
  return `${name}|${expires}|${proofOf(name, expires, token)}`;
}

/** The SHA-256 of the token that `cookie` was made with; undefined if there is none, or no longer. */
export function tokenOfCookie(
  cookie: string,
  lines: readonly TokenLine[],
  now = Date.now(),
): Buffer | undefined {
  const [name, expires, proof, ...more] = cookie.split('|');
  if (name === undefined || expires === undefined || proof === undefined || more.length > 0) return undefined;
  if (!/^\d{1,12}$/.test(expires) || Number(expires) * 1000 < now) return undefined;
  const line = lines.find((one) => one.name === name);
  if (!line || !isEqual(proof, proofOf(name, Number(expires), line.token))) return undefined;
  return tokenDigest(line.token);
}

function proofOf(name: string, expires: number, token: string): string {
  const key = Buffer.from(hkdfSync('sha256', token, '', PURPOSE, KEY_BYTES));
  return createHmac('sha256', key).update(`${name}|${expires}`).digest('base64url');
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
