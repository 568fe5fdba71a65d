import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Approach, Certificate } from '../../access';
import { isSameMachine } from '../../connection';

/** What is known of a client before it has said anything. */
export type Arrival = Omit<Approach, 'token'>;

export function arrivalOf(socket: Socket, certificate: Certificate = { kind: 'none' }): Arrival {
  return {
    isEncrypted: socket instanceof TLSSocket,
    isLocal: isSameMachine(socket),
    certificate,
  };
}
