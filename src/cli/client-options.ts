import type { ConnectOptions, Retry } from '../index';
import { credentialsOf, type CredentialSettings } from './credentials';
import { clientPort, DEFAULT_HOST, DEFAULT_PORT, type ServerAddress } from './server-address';
import { fromVariable, type Environment } from './settings';

/** As much of the server's address as is given: RESO_PORT counts where neither option nor variable names a server. */
export function givenServer(server: ServerAddress | undefined, env: Environment): Partial<ServerAddress> {
  return server ?? { port: fromVariable('RESO_PORT', clientPort, env) };
}

export function completeServer({ host, port }: Partial<ServerAddress>): { host: string; port: number } {
  return { host: host ?? DEFAULT_HOST, port: port ?? DEFAULT_PORT };
}

interface ClientSettings extends CredentialSettings {
  readonly server: ServerAddress | undefined;
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

/** Throws USAGE, also where a file with a secret or a certificate can't be read. */
export function connectOptions({ settings, env, terminal, signal }: Context): ConnectOptions {
  const { connections, timeout, retries, bwlimit, quiet } = settings;
  const server = givenServer(settings.server, env);
  return {
    ...completeServer(server),
    ...credentialsOf(settings, server.tls ?? false, env),
    connections,
    timeout,
    retries,
    bytesPerSecond: bwlimit,
    signal,
    onRetry: ({ error, attempt, delay }) => {
      if (!quiet) terminal.say(retryNotice({ error, attempt, delay }, retries));
    },
  };
}

/** What an earlier run had left may be of no use: that is no failed try, and has number 0. */
export function retryNotice({ error, attempt, delay }: Retry, retries: number): string {
  const what = error.image === undefined ? error.message : `${error.image}: ${error.message}`;
  const count = attempt > 0 ? ` (${attempt} of ${retries})` : '';
  return `${what} Trying again in ${(delay / 1000).toFixed(1)} s${count}.`;
}
