import { ResoError } from '../../errors';
import { connect } from '../../index';
import { nameMeant } from '../../names';
import { EXIT, type ExitCode } from '../results/exit-code';
import { exitCodeOf, explain } from '../results/explain';
import { suggest } from '../results/suggestions';
import { connectOptions } from '../settings/client-options';
import type { GetSettings } from '../settings/options';
import { whenAborted } from './interrupt';
import type { Invocation } from './invocation';

/** Writes one image to stdout as it arrives. Only the exit code says whether it verified. */
export async function getToStdout(invocation: Invocation<GetSettings>): Promise<ExitCode> {
  const { terminal, signal } = invocation;
  const name = nameMeant(invocation.names[0]!);
  const client = connect(connectOptions(invocation));
  try {
    const interrupted = whenAborted(signal);
    for await (const bytes of client.read(name)) {
      // A reader that has stopped reading must not delay the end.
      await Promise.race([terminal.stdout.write(bytes), interrupted]);
      if (terminal.stdout.isClosed || signal.aborted) break;
    }
    return signal.aborted ? interruptedIn(name, invocation) : EXIT.done;
  } catch (error) {
    if (signal.aborted) return interruptedIn(name, invocation);
    const isMissing = error instanceof ResoError && error.code === 'NOT_FOUND';
    terminal.say(`${name}: ${explain(isMissing ? await suggest(client, name, error) : error)}`);
    return exitCodeOf(error);
  } finally {
    client.close();
  }
}

function interruptedIn(name: string, { terminal }: Invocation<GetSettings>): ExitCode {
  terminal.say(`${name}: interrupted. The image on stdout is incomplete.`);
  return EXIT.interrupted;
}
