import { describeCause, ProtocolError, systemCode } from '../errors';

/** The same refusal for everything that is not served, so that nobody learns why. */
export function notFound(name: string): ProtocolError {
  return new ProtocolError('NOT_FOUND', 'The server has no image of this name.', { image: name });
}

export function unreadable(name: string, cause: unknown): ProtocolError {
  const message = `The server can't read the image: ${describeCause(cause)}.`;
  return new ProtocolError('UNREADABLE', message, { image: name, cause });
}

/** The served folder itself can't be used. */
export function unavailable(cause: unknown): ProtocolError {
  return new ProtocolError('UNAVAILABLE', `The served folder ${whyUnavailable(cause)}.`, {
    cause,
  });
}

/** What is wrong with the served folder, as the end of a sentence. */
export function whyUnavailable(cause: unknown): string {
  const isGone = MEANS_NOT_THERE.has(systemCode(cause) ?? '');
  return `${isGone ? 'is missing' : "can't be read"}: ${describeCause(cause)}`;
}

/** The error for what the file system said about `name`. */
export function refusal(name: string, cause: unknown): ProtocolError {
  const code = systemCode(cause) ?? '';
  if (isOutOfDescriptors(cause)) return outOfDescriptors(cause);
  return MEANS_NOT_THERE.has(code) ? notFound(name) : unreadable(name, cause);
}

export function isOutOfDescriptors(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'EMFILE' || code === 'ENFILE';
}

export function outOfDescriptors(cause: unknown): ProtocolError {
  return new ProtocolError('BUSY', `The server can't open another file: ${describeCause(cause)}.`, {
    cause,
  });
}

// ELOOP: a symlink, which O_NOFOLLOW refuses. ENXIO, ENODEV, EOPNOTSUPP: a socket, or a device without a driver.
const MEANS_NOT_THERE: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'EMLINK',
  'ENXIO',
  'ENODEV',
  'EOPNOTSUPP',
  'ENOTSUP',
  'EINVAL',
]);
