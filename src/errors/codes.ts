/**
 * Every code an error of reso can have. The first table travels in ERROR messages and is explained in
 * docs/protocol.md; the second arises on this side of the wire. Both are explained in docs/errors.md.
 */
export const WIRE_CODES = [
  'BAD_FRAME',
  'BAD_MESSAGE',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED',
  'TOO_MANY_REQUESTS',
  'TIMEOUT',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'UNREADABLE',
  'UNAVAILABLE',
  'CHANGED',
  'GET_INSTEAD',
  'BAD_RANGE',
  'CANCELLED',
  'BUSY',
  'CLOSING',
  'INTERNAL',
] as const;

export const LOCAL_CODES = [
  'USAGE',
  'BAD_NAME',
  'UNREACHABLE',
  'UNTRUSTED',
  'INSECURE',
  'DISCONNECTED',
  'DIGEST_MISMATCH',
  'LOCKED',
  'EXISTS',
  'DISK',
  'FOLDER',
  'PORT',
  'ABORTED',
  'TOO_MANY_GONE',
  'NOT_RENDERABLE',
  'RENDER_FAILED',
] as const;

export type WireCode = (typeof WIRE_CODES)[number];
export type LocalCode = (typeof LOCAL_CODES)[number];
export type ErrorCode = WireCode | LocalCode;

const wireCodes: ReadonlySet<string> = new Set(WIRE_CODES);

export function isWireCode(code: string): code is WireCode {
  return wireCodes.has(code);
}
