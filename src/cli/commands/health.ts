import { ResoError } from '../../errors';
import { connect, type ConnectOptions } from '../../index';
import { completeServer } from '../settings/client-options';
import { credentialsOf } from '../settings/credentials';
import { EXIT } from '../results/exit-code';
import { explain } from '../results/explain';
import type { CommandRun, Invocation } from './invocation';
import type { HealthSettings } from '../settings/options';
import { ownServer } from './own-server';

export const run: CommandRun<HealthSettings> = async (invocation) => {
  const { settings, terminal, signal } = invocation;
  const deadline = AbortSignal.timeout(settings.timeout * 1000);
  const client = connect({
    ...serverOf(invocation),
    timeout: settings.timeout,
    retries: 0,
    signal: AbortSignal.any([signal, deadline]),
  });
  try {
    await client.ping();
    return EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    // The own server answers, also where its file holds no token that is good any more.
    if (!settings.server && isUnauthorized(error)) return EXIT.done;
    const late = `${client.address} did not answer within ${settings.timeout} s.`;
    if (!settings.quiet) terminal.say(`reso: ${deadline.aborted ? late : explain(error)}`);
    return EXIT.unexpected;
  } finally {
    client.close();
  }
};

function isUnauthorized(error: unknown): boolean {
  return error instanceof ResoError && error.code === 'UNAUTHORIZED';
}

/** Where no server is named, the one that the variables of `serve` describe. */
function serverOf({ settings, env }: Invocation<HealthSettings>): ConnectOptions {
  const { server } = settings;
  if (!server) return ownServer(env);
  return { ...completeServer(server), ...credentialsOf(settings, server.tls ?? false, env) };
}
