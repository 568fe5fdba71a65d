import { ProtocolError } from '../../errors';
import {
  isOptional,
  MAX_HELLO_BYTES,
  MAX_PING_BYTES,
  MessageType,
  type FrameLimit,
  type Limits,
} from '../../protocol';

const FROM_SERVER: ReadonlySet<number> = new Set([
  MessageType.PAGE,
  MessageType.IMAGE,
  MessageType.DELIVERY,
  MessageType.DATA,
  MessageType.END,
  MessageType.PROOF,
  MessageType.PONG,
  MessageType.PACK,
  MessageType.GENERATION,
  MessageType.ERROR,
  MessageType.WORKING,
  MessageType.CLOSING,
]);

/** The length limit of a client's frames. Before HELLO nothing may be longer than a HELLO. */
export function frameLimit(limits: Limits, isGreeted: () => boolean): FrameLimit {
  return (type) => {
    if (type === MessageType.HELLO || !isGreeted()) return MAX_HELLO_BYTES;
    if (type === MessageType.DATA) return 0;
    return type === MessageType.PING ? MAX_PING_BYTES : limits.request;
  };
}

/** Throws BAD_FRAME if a client may not send this type now. */
export function checkType(type: number, isGreeted: boolean): void {
  if (FROM_SERVER.has(type)) throw badFrame('Only servers may send this type of message.');
  if (isGreeted && type === MessageType.HELLO) throw badFrame('The client has already sent HELLO.');
  if (!isGreeted && type !== MessageType.HELLO && !isOptional(type)) {
    throw badFrame('The first message of a client must be HELLO.');
  }
}

export function badFrame(message: string): ProtocolError {
  return new ProtocolError('BAD_FRAME', message);
}
