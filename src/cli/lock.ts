import { ResoError } from '../errors';
import { connectOptions } from './client-options';
import { EXIT } from './exit-code';
import { globsFor } from './globs-for';
import { given } from './interrupt';
import type { CommandRun } from './invocation';
import { connect, type Client } from '../index';
import { nothingFound } from './nothing-found';
import type { LockSettings } from './options';
import { tellUnreadable } from './unreadable';

/** Prints a snapshot of what the server has. */
export const run: CommandRun<LockSettings> = async (invocation) => {
  const { settings, names, terminal, signal } = invocation;
  const interrupted = given(signal);
  const client = connect(connectOptions(invocation));
  try {
    const globs = await globsFor(client, names);
    if (globs && !(await hasAny(client, globs))) return nothingFound(invocation);
    const onUnreadable = (count: number) => {
      if (!settings.quiet) tellUnreadable(terminal, count);
    };
    for await (const piece of client.lock({ globs, onUnreadable })) {
      // A reader that takes nothing must not hold up the end.
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

/** A lock of nothing, for a glob that was mistyped, would be kept to without a word. Throws UNREADABLE. */
async function hasAny(client: Client, globs: readonly string[]): Promise<boolean> {
  const onUnreadable = () => {
    throw new ResoError('UNREADABLE', "The server can't read anything of what was asked for.");
  };
  for await (const _ of client.list({ globs, onUnreadable })) return true;
  return false;
}
