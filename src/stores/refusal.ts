import { describeCause, ProtocolError, systemCode } from '../errors';

/** The one refusal for everything that is not served, so that nobody learns why. */
export function notFound(name: string): ProtocolError {
  return new ProtocolError('NOT_FOUND', 'No image of this name is served.', { image: name });
}

export function unreadable(name: string, cause: unknown): ProtocolError {
  const message = `The image can't be read on the server: ${describeCause(cause)}.`;
  return new ProtocolError('UNREADABLE', message, { image: name, cause });
}

/** Without the served folder there is nothing to be asked for. */
export function unavailable(cause: unknown): ProtocolError {
  return new ProtocolError('UNAVAILABLE', `The folder that the server serves ${whyUnavailable(cause)}.`, {
    cause,
  });
}

/** What is the matter with the served folder, as the end of a sentence. */
export function whyUnavailable(cause: unknown): string {
  const isGone = MEANS_NOT_THERE.has(systemCode(cause) ?? '');
  return `${isGone ? 'is not there' : "can't be read"}: ${describeCause(cause)}`;
}

/** The error that stands for what the file system said about `name`. */
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
  return new ProtocolError('BUSY', `The server can't open one more file: ${describeCause(cause)}.`, {
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
