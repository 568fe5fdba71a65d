import { ProtocolError } from '../errors';
import { encode, parseClientHello, parseJson, PROTOCOL_VERSION } from '../protocol';
import type { ServerContext } from './context';

/** The server's HELLO in answer to the client's. Throws BAD_MESSAGE, UNSUPPORTED_VERSION. */
export function greet({ limits, blockSize, agent }: ServerContext, payload: Buffer): Buffer {
  const { versions } = parseClientHello(parseJson(payload));
  if (!versions.includes(PROTOCOL_VERSION)) {
    const message = `This server speaks version ${PROTOCOL_VERSION} of the protocol, the client does not.`;
    throw new ProtocolError('UNSUPPORTED_VERSION', message);
  }
  return encode.serverHello({ version: PROTOCOL_VERSION, agent, limits, blockSize });
}
