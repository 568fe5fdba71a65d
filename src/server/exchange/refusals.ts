import { ProtocolError } from '../../errors';

/** Why a server answers a request with an error although nothing failed. */

export function cancelled(): ProtocolError {
  return new ProtocolError('CANCELLED', 'The request was cancelled.');
}

export function closing(): ProtocolError {
  return new ProtocolError('CLOSING', 'The server is shutting down.');
}

/** The same whether there is such an image or not. */
export function forbidden(image: string | undefined): ProtocolError {
  return new ProtocolError('FORBIDDEN', 'This token may not read images of this name.', { image });
}

export function isAnother(image: string): ProtocolError {
  return new ProtocolError('CHANGED', 'The image is not, or no longer, the one asked for.', { image });
}

export function getInstead(image: string): ProtocolError {
  return new ProtocolError('GET_INSTEAD', 'This image is to be asked for by GET.', { image });
}
