import { UsageError, type ResoError } from '../../errors';
import { connect, type Client } from '../../index';
import { combine, EXIT, type ExitCode } from '../results/exit-code';
import { exitCodeOf, explain } from '../results/explain';
import { tellUnreadable } from '../results/printer';
import { connectOptions } from '../settings/client-options';
import type { LsSettings } from '../settings/options';
import { whenAborted } from './interrupt';
import type { CommandRun, Invocation } from './invocation';
import { formatEntry, sumLine } from './list-line';

/** Characters per write. */
const BATCH = 16_384;

export const run: CommandRun<LsSettings> = async (invocation) => {
  const { signal } = invocation;
  refuseContradictions(invocation);
  const client = connect(connectOptions(invocation));
  const codes = new Set<ExitCode>();
  try {
    const onUnreadable = (count: number) => {
      if (!invocation.settings.quiet) tellUnreadable(invocation.terminal, count);
    };
    await printAll(linesOf(client, invocation, codes, onUnreadable), invocation);
    return signal.aborted ? EXIT.interrupted : combine(codes);
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    client.close();
  }
};

function refuseContradictions({ settings: { format, long, json } }: Invocation<LsSettings>): void {
  if (format === 'sha256sum' && (long || json)) {
    throw new UsageError("--format sha256sum can't be combined with --long or --json.");
  }
}

/** Reports names that match nothing and digests that are not available, and adds their exit codes to `codes`. */
async function* linesOf(
  client: Client,
  { names, settings, terminal }: Invocation<LsSettings>,
  codes: Set<ExitCode>,
  onUnreadable: (count: number) => void,
): AsyncGenerator<string, void, undefined> {
  const forTerminal = terminal.stdout.isTerminal;
  const globs = names.length > 0 ? names : undefined;
  const onMissing = (name: string) => {
    codes.add(EXIT.notOnServer);
    terminal.say(`reso: Nothing on the server matches '${name}'. Run 'reso ls' to see what it has.`);
  };
  if (settings.format !== 'sha256sum') {
    const entries = client.list({ globs, onMissing, onUnreadable });
    for await (const entry of entries) yield formatEntry(entry, settings, forTerminal);
    return;
  }
  const onFailure = (name: string, error: ResoError) => {
    codes.add(exitCodeOf(error));
    terminal.say(`${name}: ${explain(error)}`);
  };
  for await (const { name, sha256 } of client.listWithDigests({
    globs,
    onMissing,
    onUnreadable,
    onFailure,
  })) {
    yield sumLine(name, sha256, { endsInNul: settings.null, forTerminal });
  }
}

async function printAll(
  lines: AsyncIterable<string>,
  { terminal, signal }: Invocation<LsSettings>,
): Promise<void> {
  const interrupted = whenAborted(signal);
  // A reader that has stopped reading must not delay the end.
  const print = (text: string) => Promise.race([terminal.stdout.write(text), interrupted]);
  let batch = '';
  for await (const line of lines) {
    batch += line;
    if (batch.length < BATCH) continue;
    await print(batch);
    batch = '';
    if (terminal.stdout.isClosed || signal.aborted) return;
  }
  await print(batch);
}
