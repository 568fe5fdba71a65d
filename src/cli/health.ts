import { connect } from '../index';
import { completeServer, givenServer } from './client-options';
import { EXIT } from './exit-code';
import { explain } from './failure';
import type { CommandRun } from './invocation';
import type { HealthSettings } from './options';

export const run: CommandRun<HealthSettings> = async ({ settings, env, terminal, signal }) => {
  const deadline = AbortSignal.timeout(settings.timeout * 1000);
  const client = connect({
    ...completeServer(givenServer(settings.server, env)),
    timeout: settings.timeout,
    retries: 0,
    signal: AbortSignal.any([signal, deadline]),
  });
  try {
    await client.ping();
    return EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    const late = `${client.address} did not answer within ${settings.timeout} s.`;
    if (!settings.quiet) terminal.say(`reso: ${deadline.aborted ? late : explain(error)}`);
    return EXIT.unexpected;
  } finally {
    client.close();
  }
};
