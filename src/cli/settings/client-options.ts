import { UsageError, type ErrorCode } from '../../errors';
import type { ConnectOptions, Retry } from '../../index';
import { credentialsOf, type CredentialSettings } from './credentials';
import { clientPort, DEFAULT_HOST, DEFAULT_PORT, type ServerAddress } from './server-address';
import { fromVariable, type Environment } from './settings';

/** The server's address, as far as it is given. RESO_PORT counts only if no option or variable names a server. */
export function givenServer(server: ServerAddress | undefined, env: Environment): Partial<ServerAddress> {
  return server ?? { port: fromVariable('RESO_PORT', clientPort, env) };
}

/** Where to connect to, and whether with TLS. Throws USAGE. */
export function givenServers(
  servers: readonly ServerAddress[],
  env: Environment,
): { servers: readonly { host: string; port: number }[]; tls: boolean } {
  const [first, ...others] = servers;
  const tls = first?.tls ?? false;
  if (others.some((other) => (other.tls ?? false) !== tls))
    throw new UsageError('Several servers must be replicas: use resos:// for all of them, or for none.');
  const all = first ? servers : [givenServer(undefined, env)];
  return { servers: all.map(completeServer), tls };
}

export function completeServer({ host, port }: Partial<ServerAddress>): { host: string; port: number } {
  return { host: host ?? DEFAULT_HOST, port: port ?? DEFAULT_PORT };
}

interface ClientSettings extends CredentialSettings {
  readonly server: readonly ServerAddress[];
  readonly connections: number;
  readonly timeout: number;
  readonly retries: number;
  readonly bwlimit: number | undefined;
  readonly quiet: boolean;
}

interface Context {
  readonly settings: ClientSettings;
  readonly env: Environment;
  readonly terminal: { say(message: string): void };
  readonly signal: AbortSignal;
}

/** Throws USAGE, also if a file with a secret or a certificate can't be read. */
export function connectOptions({ settings, env, terminal, signal }: Context): ConnectOptions {
  const { connections, timeout, retries, bwlimit, quiet } = settings;
  const { servers, tls } = givenServers(settings.server, env);
  return {
    servers,
    ...credentialsOf(settings, tls, env),
    connections,
    timeout,
    retries,
    bytesPerSecond: bwlimit,
    signal,
    onRetry: quiet ? undefined : tellRetries((notice) => terminal.say(notice), retries),
  };
}

/** Seconds in which the same message is printed only once: a busy server refuses hundreds of images. */
const ONCE_IN = 1;

/** Errors that concern the server rather than one image. */
const OF_SERVER: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BUSY', 'UNAVAILABLE']);

/** Reports each retry. Attempt 0 does not count: a partial file of an earlier run was of no use. */
export function tellRetries(say: (notice: string) => void, retries: number): (retry: Retry) => void {
  let last = '';
  let lastAt = 0;
  return ({ error, attempt, delay }) => {
    const { code, image, message } = error;
    if (code === 'CLOSING' && attempt === 0) return say(`${message} Waiting for it to come back.`);
    const what = image === undefined || OF_SERVER.has(code) ? message : `${image}: ${message}`;
    const count = attempt > 0 ? ` (${attempt} of ${retries})` : '';
    const now = process.uptime(); // `performance` would be loaded first
    if (last === what + count && now - lastAt < ONCE_IN) return;
    last = what + count;
    lastAt = now;
    say(`${what} Trying again in ${(delay / 1000).toFixed(1)} s${count}.`);
  };
}
