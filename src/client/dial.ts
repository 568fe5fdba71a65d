import { connect, type Socket } from 'node:net';
import { ConnectionError, describeCause } from '../errors';
import type { Settings } from './settings';

/** Opens a TCP connection. Rejects with UNREACHABLE, also where nobody answers in time, or before `ended` is given. */
export function dial({ host, port, address, timeout }: Settings, ended: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const settle = () => {
      clearTimeout(timer);
      ended.removeEventListener('abort', abandon);
      socket.off('error', failed);
    };
    const fail = (why: string, cause?: Error) => {
      settle();
      socket.destroy();
      reject(new ConnectionError('UNREACHABLE', `${address} can't be reached: ${why}.`, { address, cause }));
    };
    const failed = (cause: Error) => fail(describeCause(cause), cause);
    const abandon = () => fail('the client was closed');
    const timer = setTimeout(() => fail('no answer in time'), timeout);
    ended.addEventListener('abort', abandon);
    socket.once('error', failed);
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
  });
}
