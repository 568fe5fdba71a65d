import { connect } from '../../index';
import { EXIT } from '../results/exit-code';
import { tellUnreadable } from '../results/printer';
import { connectOptions } from '../settings/client-options';
import type { LockSettings } from '../settings/options';
import { whenAborted } from './interrupt';
import type { CommandRun } from './invocation';

/** Prints a snapshot of what the server has. */
export const run: CommandRun<LockSettings> = async (invocation) => {
  const { names, settings, terminal, signal } = invocation;
  const interrupted = whenAborted(signal);
  const client = connect(connectOptions(invocation));
  try {
    const globs = names.length > 0 ? names : undefined;
    const onUnreadable = (count: number) => {
      if (!settings.quiet) tellUnreadable(terminal, count);
    };
    for await (const piece of client.lock({ globs, onUnreadable })) {
      // A reader that has stopped reading must not delay the end.
      await Promise.race([terminal.stdout.write(piece), interrupted]);
      if (terminal.stdout.isClosed || signal.aborted) break;
    }
    return signal.aborted ? EXIT.interrupted : EXIT.done;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    client.close();
  }
};
