import { ProtocolError } from '../errors';
import { HttpError } from './http-error';

// Why a request is refused although nothing failed.

export function notFound(): ProtocolError {
  return new ProtocolError('NOT_FOUND', 'There is nothing under this address.');
}

/** The same whether there is such an image or not. */
export function forbidden(image: string): ProtocolError {
  return new ProtocolError('FORBIDDEN', 'This token may not read images of this name.', { image });
}

export function changed(image: string): ProtocolError {
  return new ProtocolError('CHANGED', 'The image changed while it was read.', { image });
}

export function unreadable(image: string): ProtocolError {
  return new ProtocolError('UNREADABLE', 'The image became shorter while it was read.', { image });
}

export function badRequest(message: string): HttpError {
  return new HttpError(400, 'BAD_MESSAGE', message);
}

export function closing(): ProtocolError {
  return new ProtocolError('CLOSING', 'The server is shutting down.');
}

export function methodNotAllowed(allowed: readonly string[]): HttpError {
  const methods = allowed.join(', ');
  return new HttpError(405, 'UNSUPPORTED', `Only ${methods} work here.`, { headers: { Allow: methods } });
}
