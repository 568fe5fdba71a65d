import type { ErrorCode } from '../../errors';

export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  notOnServer: 3,
  tryAgain: 4,
  notVerified: 5,
  refused: 6,
  localDisk: 7,
  several: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_OF: Readonly<Record<ErrorCode, ExitCode>> = {
  BAD_FRAME: EXIT.unexpected,
  BAD_MESSAGE: EXIT.unexpected,
  UNSUPPORTED_VERSION: EXIT.unexpected,
  UNSUPPORTED: EXIT.unexpected,
  TOO_MANY_REQUESTS: EXIT.unexpected,
  TIMEOUT: EXIT.tryAgain,
  UNAUTHORIZED: EXIT.refused,
  FORBIDDEN: EXIT.refused,
  NOT_FOUND: EXIT.notOnServer,
  UNREADABLE: EXIT.tryAgain,
  UNAVAILABLE: EXIT.tryAgain,
  CHANGED: EXIT.tryAgain,
  GET_INSTEAD: EXIT.unexpected,
  BAD_RANGE: EXIT.unexpected,
  CANCELLED: EXIT.unexpected,
  BUSY: EXIT.tryAgain,
  CLOSING: EXIT.tryAgain,
  INTERNAL: EXIT.unexpected,
  USAGE: EXIT.usage,
  BAD_NAME: EXIT.notOnServer,
  UNREACHABLE: EXIT.tryAgain,
  UNTRUSTED: EXIT.refused,
  INSECURE: EXIT.refused,
  DISCONNECTED: EXIT.tryAgain,
  DIGEST_MISMATCH: EXIT.notVerified,
  LOCKED: EXIT.notVerified,
  EXISTS: EXIT.localDisk,
  DISK: EXIT.localDisk,
  FOLDER: EXIT.localDisk,
  PORT: EXIT.unexpected,
  ABORTED: EXIT.interrupted,
  TOO_MANY_GONE: EXIT.tryAgain,
  NOT_RENDERABLE: EXIT.notOnServer,
  RENDER_FAILED: EXIT.tryAgain,
};

/** The exit code of a batch: that of the only kind of failure, or `several`. */
export function combine(codes: Iterable<ExitCode>): ExitCode {
  const kinds = new Set(codes);
  kinds.delete(EXIT.done);
  if (kinds.has(EXIT.interrupted)) return EXIT.interrupted;
  const [only = EXIT.done] = kinds;
  return kinds.size > 1 ? EXIT.several : only;
}
