import { UsageError, type ResoError } from '../errors';
import { connectOptions } from './client-options';
import { combine, EXIT, type ExitCode } from './exit-code';
import { exitCodeOf, explain } from './failure';
import { globsFor } from './globs-for';
import { given } from './interrupt';
import type { CommandRun, Invocation } from './invocation';
import { connect, type Client, type ListOptions } from '../index';
import { nothingFound } from './nothing-found';
import { formatEntry } from './list-line';
import type { LsSettings } from './options';
import { sumLine } from './sum-line';
import { tellUnreadable } from './unreadable';

/** Characters that are gathered into one write. */
const BATCH = 16_384;

export const run: CommandRun<LsSettings> = async (invocation) => {
  const { names, signal } = invocation;
  refuseContradictions(invocation);
  const client = connect(connectOptions(invocation));
  const codes = new Set<ExitCode>();
  try {
    const globs = await globsFor(client, names);
    let unreadable = 0;
    const onUnreadable = (count: number) => void (unreadable = count);
    const listing = { globs, onUnreadable };
    const count = await printAll(linesOf(client, listing, invocation, codes), invocation);
    if (signal.aborted) return EXIT.interrupted;
    if (!invocation.settings.quiet) tellUnreadable(invocation.terminal, unreadable);
    if (count + unreadable === 0 && names.length > 0 && codes.size === 0) return nothingFound(invocation);
    return combine(codes);
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    client.close();
  }
};

function refuseContradictions({ settings: { format, long, json } }: Invocation<LsSettings>): void {
  if (format === 'sha256sum' && (long || json)) {
    throw new UsageError(
      '--format sha256sum says all there is on a line: it goes with neither --long nor --json.',
    );
  }
}

/** Images whose digest can't be had are said, and their exit codes added to `codes`. */
async function* linesOf(
  client: Client,
  listing: ListOptions,
  { settings, terminal }: Invocation<LsSettings>,
  codes: Set<ExitCode>,
): AsyncGenerator<string, void, undefined> {
  const forTerminal = terminal.stdout.isTerminal;
  if (settings.format !== 'sha256sum') {
    for await (const entry of client.list(listing)) yield formatEntry(entry, settings, forTerminal);
    return;
  }
  const onFailure = (name: string, error: ResoError) => {
    codes.add(exitCodeOf(error));
    terminal.say(`${name}: ${explain(error)}`);
  };
  for await (const { name, sha256 } of client.listWithDigests({ ...listing, onFailure })) {
    yield sumLine(name, sha256, { endsInNul: settings.null, forTerminal });
  }
}

async function printAll(
  lines: AsyncIterable<string>,
  { terminal, signal }: Invocation<LsSettings>,
): Promise<number> {
  const interrupted = given(signal);
  // A reader that takes nothing must not hold up the end.
  const print = (text: string) => Promise.race([terminal.stdout.write(text), interrupted]);
  let count = 0;
  let batch = '';
  for await (const line of lines) {
    batch += line;
    count++;
    if (batch.length < BATCH) continue;
    await print(batch);
    batch = '';
    if (terminal.stdout.isClosed || signal.aborted) return count;
  }
  await print(batch);
  return count;
}
