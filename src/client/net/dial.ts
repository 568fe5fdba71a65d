import { connect, type Socket } from 'node:net';
import { isSameMachine, receiving } from '../../connection';
import { ConnectionError, describeCause, ResoError } from '../../errors';
import type * as DialTls from './dial-tls';
import { greetingTime } from './greeting';
import { discard, race } from './race';
import type { Settings } from './settings';

/** Most bytes per read if the rate is limited: a burst is followed by a pause. */
const LIMITED_READ = 65_536;

/**
 * Opens a connection. Rejects with UNREACHABLE, also if nobody answers in time or before `ended` is aborted; with
 * UNTRUSTED if TLS is required and the server does not prove its identity; with INSECURE if others could read the token.
 */
export async function dial(settings: Settings, ended: AbortSignal): Promise<Socket> {
  const { host, address, timeout, tls } = settings;
  const quit = new AbortController();
  const giveUp = (why: string, mostRetries?: number) =>
    quit.abort(unreachable(address, why, { mostRetries }));
  const abandon = () => giveUp('the client was closed');
  let timer = setTimeout(() => giveUp('timed out'), timeout);
  ended.addEventListener('abort', abandon);
  let socket: Socket | undefined;
  try {
    socket = await race(host, opener(settings), quit.signal);
    if (exposesToken(settings, socket)) throw exposed(address);
    if (!tls) return socket;
    clearTimeout(timer);
    const patience = greetingTime(settings);
    const silent = `it accepts connections but did not complete the TLS handshake within ${patience / 1000} seconds`;
    timer = setTimeout(() => giveUp(silent, 1), patience);
    await dialTls().secured(settings, socket, quit.signal);
    return socket;
  } catch (cause) {
    if (socket) discard(socket);
    if (cause instanceof ResoError) throw cause;
    throw unreachable(address, describeCause(cause), { cause, mostRetries: retriesAfter(cause) });
  } finally {
    clearTimeout(timer);
    ended.removeEventListener('abort', abandon);
  }
}

function opener({ host, port, tls, bytesPerSecond }: Settings): (address: string) => Socket {
  const atOnce = bytesPerSecond === undefined ? undefined : LIMITED_READ;
  const open = tls && dialTls().opener(host, tls);
  return (address) =>
    receiving((onread) => {
      const options = { host: address, port, noDelay: true, onread };
      return open ? open(options) : connect(options);
    }, atOnce);
}

/** Loaded only if TLS is used. */
function dialTls(): typeof DialTls {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would start Node's second module loader
  return require('./dial-tls') as typeof DialTls;
}

function unreachable(
  address: string,
  why: string,
  context: { cause?: unknown; mostRetries?: number | undefined },
): ConnectionError {
  return new ConnectionError('UNREACHABLE', `Can't reach ${address}: ${why}.`, { address, ...context });
}

/** A resolver that does not know a host won't know it a second later either, unless it says so (EAI_AGAIN). */
function retriesAfter(cause: unknown): number | undefined {
  const { syscall, code } = cause as NodeJS.ErrnoException;
  return syscall === 'getaddrinfo' && code !== 'EAI_AGAIN' ? 0 : undefined;
}

/** Whether others could read the token. What counts is the address of the connection, not the host name. */
function exposesToken({ tls, token, insecure }: Settings, socket: Socket): boolean {
  return token !== undefined && !tls && !insecure && !isSameMachine(socket);
}

function exposed(address: string): ConnectionError {
  const why = 'over plain TCP others could read it. Use resos://, or --insecure if that does not matter.';
  return new ConnectionError('INSECURE', `The token was not sent to ${address}: ${why}`, { address });
}
