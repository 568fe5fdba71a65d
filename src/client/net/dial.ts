import { connect, type Socket } from 'node:net';
import { isSameMachine, receiving } from '../../connection';
import { ConnectionError, describeCause, ResoError } from '../../errors';
import type * as DialTls from './dial-tls';
import { greetingTime } from './greeting';
import { discard, race, type Dialled } from './race';
import type { Replica, Replicas } from './replicas';
import type { Settings } from './settings';

/** Most bytes per read if the rate is limited: a burst is followed by a pause. */
const LIMITED_READ = 65_536;

/**
 * Opens a connection to one of `replicas`, and counts it there. Rejects with UNREACHABLE, also if nobody answers in time or
 * before `ended` is aborted; with UNTRUSTED if TLS is required and the server does not prove its identity; with INSECURE if
 * others could read the token.
 */
export async function dial(settings: Settings, replicas: Replicas, ended: AbortSignal): Promise<Dialled> {
  const { timeout, tls } = settings;
  let { address } = settings;
  const quit = new AbortController();
  const giveUp = (why: string, mostRetries?: number) =>
    quit.abort(unreachable(address, why, { mostRetries }));
  const abandon = () => giveUp('the client was closed');
  let timer = setTimeout(() => giveUp('timed out'), timeout);
  ended.addEventListener('abort', abandon);
  let first: Replica | undefined;
  let dialled: Dialled | undefined;
  try {
    const next = await replicas.next(quit.signal);
    // Counted at once: others are opened meanwhile.
    (first = next[0]).links++;
    dialled = await race(next, opener(settings), quit.signal);
    const { socket, replica } = dialled;
    address = replica.name;
    replica.links++;
    if (exposesToken(settings, socket)) throw exposed(address);
    if (!tls) return dialled;
    clearTimeout(timer);
    const patience = greetingTime(settings);
    const silent = `it accepts connections but did not complete the TLS handshake within ${patience / 1000} seconds`;
    timer = setTimeout(() => giveUp(silent, 1), patience);
    await dialTls().secured(address, socket, quit.signal);
    return dialled;
  } catch (cause) {
    if (dialled) {
      dialled.replica.links--;
      dialled.replica.failed();
      discard(dialled.socket);
    }
    if (cause instanceof ResoError) throw cause;
    throw unreachable(address, describeCause(cause), { cause, mostRetries: retriesAfter(cause) });
  } finally {
    if (first) first.links--;
    clearTimeout(timer);
    ended.removeEventListener('abort', abandon);
  }
}

function opener({ tls, bytesPerSecond }: Settings): (replica: Replica) => Socket {
  const atOnce = bytesPerSecond === undefined ? undefined : LIMITED_READ;
  const open = tls && dialTls().opener(tls);
  return ({ host, ip, port }) =>
    receiving((onread) => {
      const options = { host: ip, port, noDelay: true, onread };
      return open ? open(host, options) : connect(options);
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
