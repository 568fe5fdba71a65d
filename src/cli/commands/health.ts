import { ResoError } from '../../errors';
import { connect, type ConnectOptions } from '../../index';
import { EXIT, type ExitCode } from '../results/exit-code';
import { explain } from '../results/explain';
import { completeServer, givenServers } from '../settings/client-options';
import { contentOf, credentialsOf, firstTokenIn } from '../settings/credentials';
import type { HealthSettings } from '../settings/options';
import { nonEmpty } from '../settings/parse';
import { clientPort } from '../settings/server-address';
import { fromVariable, type Environment } from '../settings/settings';
import type { CommandRun, Invocation } from './invocation';

/** Where a server that listens on all addresses can be reached from its own machine. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Each of several servers must be healthy. */
export const run: CommandRun<HealthSettings> = async (invocation) => {
  const codes = await Promise.all(serversOf(invocation).map((server) => check(server, invocation)));
  return codes.find((code) => code !== EXIT.done) ?? EXIT.done;
};

async function check(
  server: ConnectOptions,
  { settings, terminal, signal }: Invocation<HealthSettings>,
): Promise<ExitCode> {
  const deadline = AbortSignal.timeout(settings.timeout * 1000);
  const client = connect({
    ...server,
    timeout: settings.timeout,
    retries: 0,
    signal: AbortSignal.any([signal, deadline]),
  });
  try {
    await client.ping();
    return EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    // The server does answer, even if its token file contains no valid token.
    if (settings.server.length === 0 && isUnauthorized(error)) return EXIT.done;
    const late = `${client.address} did not answer within ${settings.timeout} s.`;
    if (!settings.quiet) terminal.say(`reso: ${deadline.aborted ? late : explain(error)}`);
    return EXIT.unexpected;
  } finally {
    client.close();
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ResoError && error.code === 'UNAUTHORIZED';
}

/** If no server is given, the one that the variables of `serve` describe. */
function serversOf({ settings, env }: Invocation<HealthSettings>): readonly ConnectOptions[] {
  if (settings.server.length === 0) return [ownServer(env)];
  const { servers, tls } = givenServers(settings.server, env);
  const credentials = credentialsOf(settings, tls, env);
  return servers.map((server) => ({ ...server, ...credentials }));
}

/**
 * How to reach the server described by the same variables, the one in the same container. Its certificate proves that it
 * is the right one. If it requires a client certificate, it is sent its own. Throws USAGE.
 */
export function ownServer(env: Environment): ConnectOptions {
  const read = (variable: string) => fromVariable(variable, nonEmpty, env);
  const host = read('RESO_HOST');
  const [cert, key, clientCa, tokenFile] = [
    'RESO_TLS_CERT',
    'RESO_TLS_KEY',
    'RESO_CLIENT_CA',
    'RESO_TOKEN_FILE',
  ].map(read);
  const pinned = contentOf('RESO_TLS_CERT', cert);
  const own = clientCa === undefined ? {} : { cert: pinned, key: contentOf('RESO_TLS_KEY', key) };
  return {
    ...completeServer({
      host: host && (LOOPBACK[host] ?? host),
      port: fromVariable('RESO_PORT', clientPort, env),
    }),
    tls: pinned === undefined ? undefined : { pinned, ...own },
    token: tokenFile === undefined ? undefined : firstTokenIn(tokenFile),
  };
}
