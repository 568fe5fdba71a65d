import type { Socket } from 'node:net';
import { connectPlain, isSameMachine } from '../connection';
import { ConnectionError, describeCause } from '../errors';
import { lazy } from './lazy';
import type { Settings } from './settings';

/** Bytes that come by one read where they may come only so fast: a burst is followed by a pause. */
const LIMITED_READ = 65_536;

/**
 * Opens a connection. Rejects with UNREACHABLE, also where nobody answers in time, or before `ended` is given; with
 * UNTRUSTED where TLS is asked for and the server does not prove who it is; with INSECURE where a token could be read on
 * the way.
 */
export function dial(settings: Settings, ended: AbortSignal): Promise<Socket> {
  const { host, port, address, timeout, tls } = settings;
  const atOnce = settings.bytesPerSecond === undefined ? undefined : LIMITED_READ;
  return new Promise((resolve, reject) => {
    const socket = tls
      ? lazy.dialTls().connectTls(settings)
      : connectPlain({ host, port, noDelay: true }, atOnce);
    const settle = () => {
      clearTimeout(timer);
      ended.removeEventListener('abort', abandon);
      socket.off('error', failed);
    };
    const fail = (error: ConnectionError) => {
      settle();
      // What still comes of it is of no interest.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const unreachable = (why: string, cause?: Error) =>
      fail(new ConnectionError('UNREACHABLE', `${address} can't be reached: ${why}.`, { address, cause }));
    const failed = (cause: Error) => {
      const why = tls && lazy.dialTls().whyUntrusted(cause);
      if (why === undefined) return unreachable(describeCause(cause), cause);
      fail(new ConnectionError('UNTRUSTED', `${address} can't be trusted: ${why}.`, { address, cause }));
    };
    const abandon = () => unreachable('the client was closed');
    const timer = setTimeout(() => unreachable('no answer in time'), timeout);
    ended.addEventListener('abort', abandon);
    socket.once('error', failed);
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      if (exposesToken(settings, socket)) return fail(exposed(address));
      settle();
      resolve(socket);
    });
  });
}

/** Whether others could read the token. What counts is where the connection leads, and not what it is called. */
function exposesToken({ tls, token, insecure }: Settings, socket: Socket): boolean {
  return token !== undefined && !tls && !insecure && !isSameMachine(socket);
}

function exposed(address: string): ConnectionError {
  const why = 'over plain TCP others could read it. Use resos://, or --insecure where that is no matter.';
  return new ConnectionError('INSECURE', `The token was not sent to ${address}: ${why}`, { address });
}
