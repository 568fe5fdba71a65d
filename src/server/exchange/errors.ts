import { isWireCode, ProtocolError, ResoError, type WireCode } from '../../errors';
import { PROTOCOL_VERSION, type ErrorReply } from '../../protocol';

const MAX_MESSAGE = 1024;
/** After BUSY a client should wait this many milliseconds. */
const RETRY_AFTER = 1000;

/** What the client is told about an error. It gets no details of an unexpected one. */
export function errorReply(error: unknown): ErrorReply {
  const code = wireCode(error);
  if (code === 'INTERNAL') return { code, message: 'Something went wrong on the server.' };
  return {
    code,
    message: (error as ResoError).message.slice(0, MAX_MESSAGE).toWellFormed(),
    versions: code === 'UNSUPPORTED_VERSION' ? [PROTOCOL_VERSION] : undefined,
    retryAfter: code === 'BUSY' ? RETRY_AFTER : undefined,
  };
}

export function wireCode(error: unknown): WireCode {
  return error instanceof ResoError && isWireCode(error.code) ? error.code : 'INTERNAL';
}

// Errors that answer a request although nothing failed.

export function cancelled(): ProtocolError {
  return new ProtocolError('CANCELLED', 'The request was cancelled.');
}

export function closing(): ProtocolError {
  return new ProtocolError('CLOSING', 'The server is shutting down.');
}

/** The same whether or not the image exists. */
export function forbidden(image: string | undefined): ProtocolError {
  return new ProtocolError('FORBIDDEN', 'This token does not give access to this name.', { image });
}

export function isAnother(image: string): ProtocolError {
  return new ProtocolError('CHANGED', 'The image is not, or is no longer, the one requested.', { image });
}

export function getInstead(image: string): ProtocolError {
  return new ProtocolError('GET_INSTEAD', 'Request this image with GET.', { image });
}
