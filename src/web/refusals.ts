import { ProtocolError } from '../errors';
import { HttpError } from './http-error';

// Requests that are refused although nothing failed.

export function notFound(): ProtocolError {
  return new ProtocolError('NOT_FOUND', 'There is nothing at this address.');
}

/** The same whether the image exists or not. */
export function forbidden(image: string): ProtocolError {
  return new ProtocolError('FORBIDDEN', 'This token may not read images with this name.', { image });
}

export function changed(image: string): ProtocolError {
  return new ProtocolError('CHANGED', 'The image changed while it was read.', { image });
}

export function modified(): HttpError {
  return new HttpError(412, 'CHANGED', 'The image is not in the state that the request names.');
}

export function unreadable(image: string): ProtocolError {
  return new ProtocolError('UNREADABLE', 'The image became shorter while it was read.', { image });
}

export function badRequest(message: string): HttpError {
  return new HttpError(400, 'BAD_MESSAGE', message);
}

export function crowded(): ProtocolError {
  return new ProtocolError('BUSY', 'The server has reached its limit of connections.');
}

export function unmetExpectation(): HttpError {
  return new HttpError(417, 'UNSUPPORTED', 'Only `Expect: 100-continue` is supported.');
}

export function closing(): ProtocolError {
  return new ProtocolError('CLOSING', 'The server is shutting down.');
}

export function methodNotAllowed(allowed: readonly string[]): HttpError {
  const methods = allowed.join(', ');
  return new HttpError(405, 'UNSUPPORTED', `Only ${methods} work here.`, { headers: { Allow: methods } });
}
