import { connectOptions } from './client-options';
import { EXIT } from './exit-code';
import { globsFor } from './globs-for';
import { given } from './interrupt';
import type { CommandRun } from './invocation';
import { connect, type Client } from '../index';
import { nothingFound } from './nothing-found';
import type { LockSettings } from './options';

/** Prints a snapshot of what the server has. */
export const run: CommandRun<LockSettings> = async (invocation) => {
  const { names, terminal, signal } = invocation;
  const interrupted = given(signal);
  const client = connect(connectOptions(invocation));
  try {
    const globs = await globsFor(client, names);
    if (globs && !(await hasAny(client, globs))) return nothingFound(invocation);
    for await (const piece of client.lock({ globs })) {
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

/** A lock of nothing, for a glob that was mistyped, would be kept to without a word. */
async function hasAny(client: Client, globs: readonly string[]): Promise<boolean> {
  for await (const _ of client.list({ globs })) return true;
  return false;
}
