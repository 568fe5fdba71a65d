import { RemoteError, ResoError, type ErrorCode } from '../errors';

const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;

/** Codes of errors that say nothing about the image: the same request may well succeed on another connection. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNREACHABLE',
  'DISCONNECTED',
  'TIMEOUT',
  'BUSY',
  'UNAVAILABLE',
  'CLOSING',
]);

/** What a server says of a request that was damaged on the way: this side sends none that is not in order. */
const DAMAGED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BAD_FRAME', 'BAD_MESSAGE']);

export function isTransient(error: unknown): error is ResoError {
  if (error instanceof RemoteError && DAMAGED.has(error.code)) return true;
  return error instanceof ResoError && TRANSIENT.has(error.code);
}

/**
 * Milliseconds before try number `attempt` (from 1 on): doubling, up to ten seconds, and up to a half more or less by
 * chance, so that twenty clients that lost the same server do not come back at the same moment.
 */
export function backOff(attempt: number): number {
  const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1));
  return Math.round(delay * (0.5 + Math.random()));
}
