import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { peerAddress, TLS_HANDSHAKE } from '../../connection';
import { describeCause } from '../../errors';
import type { WebContext } from '../options';
import { COMMON_HEADERS, problemBody } from '../reply';

/** Responses to the errors of Node's parser. */
export interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

interface Refusal {
  readonly status: number;
  readonly code: 'BAD_MESSAGE' | 'TIMEOUT';
  readonly detail: string;
}

const TOO_LARGE: Refusal = {
  status: 431,
  code: 'BAD_MESSAGE',
  detail: 'The address and headers together are longer than 16 KB.',
};
const TOO_SLOW: Refusal = { status: 408, code: 'TIMEOUT', detail: 'The request took too long to arrive.' };
const BROKEN: Refusal = { status: 400, code: 'BAD_MESSAGE', detail: 'This is not a valid HTTP request.' };

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: TOO_LARGE,
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
};

/** Codes from Node's parser and its timeouts; all others come from TLS or the connection. */
const OF_HTTP = /^(?:HPE_|ERR_HTTP_)/;

/** Answers and logs bytes that are not a valid request, if the client can still receive a response. */
export function refuseBroken(context: WebContext, error: ParserError, socket: Socket, isBusy: boolean): void {
  if (!OF_HTTP.test(error.code ?? '')) {
    if (error.code !== 'ECONNRESET')
      context.log.info('TLS handshake failed', { peer: peerAddress(socket), reason: describeCause(error) });
    return void socket.destroy();
  }
  // The client has disconnected, or would take the refusal for part of another response.
  if (!socket.writable || isBusy) return void socket.destroy();
  const { status, code, detail } = REFUSALS[error.code ?? ''] ?? BROKEN;
  const speaksTls = error.rawPacket?.[0] === TLS_HANDSHAKE;
  const reason = speaksTls ? 'it speaks TLS, and this port does not' : detail;
  context.metrics.answered('none', status, 0, 0);
  context.log.info('http', { status, reason, peer: peerAddress(socket) });
  if (speaksTls) return void socket.destroy();
  const body = problemBody({ status, code, detail });
  const headers = Object.entries({
    ...COMMON_HEADERS,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('')}\r\n${body}`, () =>
    socket.destroySoon(),
  );
}
