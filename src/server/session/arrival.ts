import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { tokenDigest, type Approach, type Certificate } from '../../access';
import { isSameMachine } from '../../connection';
import { ProtocolError } from '../../errors';
import { encode, parseClientHello, parseJson, PROTOCOL_VERSION } from '../../protocol';
import type { ServerContext } from '../exchange/exchange';

/** What is known about a client before it has sent anything. */
export interface Arrival extends Omit<Approach, 'token' | 'certificate'> {
  /** Its authority may be removed at any time. */
  certificate(): Certificate;
}

const NO_CERTIFICATE = (): Certificate => ({ kind: 'none' });

export function arrivalOf(socket: Socket, certificate = NO_CERTIFICATE): Arrival {
  return {
    isEncrypted: socket instanceof TLSSocket,
    isLocal: isSameMachine(socket),
    certificate,
  };
}

/** What a client says about itself, and the answer. */
export interface Greeting {
  readonly reply: Buffer;
  /** SHA-256 of the client's token; the token itself is not kept. */
  readonly token: Buffer | undefined;
  /** The client's program and version, by its own account. */
  readonly agent: string | undefined;
}

/** The server's HELLO in answer to the client's. Throws BAD_MESSAGE, UNSUPPORTED_VERSION. */
export function greet({ limits, blockSize, agent: ownAgent }: ServerContext, payload: Buffer): Greeting {
  const { versions, token, agent } = parseClientHello(parseJson(payload));
  if (!versions.includes(PROTOCOL_VERSION)) {
    const message = `This server speaks version ${PROTOCOL_VERSION} of the protocol, but the client does not.`;
    throw new ProtocolError('UNSUPPORTED_VERSION', message);
  }
  const reply = encode.serverHello({ version: PROTOCOL_VERSION, agent: ownAgent, limits, blockSize });
  return { reply, agent, token: token === undefined ? undefined : tokenDigest(token) };
}
