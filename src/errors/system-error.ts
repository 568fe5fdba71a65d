import { isNativeError } from 'node:util/types';

/** `code` of an error from the operating system (`ENOENT`, …), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  // Not `instanceof`: an error may come from another realm (a worker, a test's sandbox).
  if (!isNativeError(error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The path that an error from the operating system is about, if it has one. */
export function systemPath(error: unknown): string | undefined {
  if (systemCode(error) === undefined) return undefined;
  const { path } = error as NodeJS.ErrnoException;
  return path;
}

/** What went wrong, in words, without the call and path that Node adds to its messages. */
export function describeCause(error: unknown): string {
  // A host name with several addresses, none of which answered: its own message is empty.
  if (error instanceof AggregateError && error.errors.length > 0) return describeCause(error.errors[0]);
  const code = systemCode(error);
  if (code !== undefined && code in PHRASES) return PHRASES[code]!;
  return isNativeError(error) ? error.message : String(error);
}

const PHRASES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'something else with that name exists',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would exceed the size limit',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files in this process',
  ENFILE: 'too many open files on this machine',
  ENAMETOOLONG: 'the name is too long for this file system',
  EIO: 'the disk reported an input/output error',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the other side',
  EPIPE: 'connection closed by the other side',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'timed out',
  ENOTFOUND: 'unknown host name',
  EAI_AGAIN: "the host name can't be resolved right now",
  EADDRINUSE: 'the port is in use by another program',
  EADDRNOTAVAIL: 'this machine does not have that address',
};
