import { UsageError, type ResoError } from '../../errors';
import { connect, type Client } from '../../index';
import { combine, EXIT, type ExitCode } from '../results/exit-code';
import { exitCodeOf, explain } from '../results/explain';
import { tellUnreadable } from '../results/printer';
import { adviceOnGlob } from '../results/suggestions';
import { connectOptions } from '../settings/client-options';
import type { LsSettings } from '../settings/options';
import { whenAborted } from './interrupt';
import type { CommandRun, Invocation } from './invocation';
import { formatEntry, showsFacts, sumLine, totalLine } from './list-line';

/** Characters per write. */
const BATCH = 16_384;

/** What a run comes to know while it lists. */
interface Account {
  readonly codes: Set<ExitCode>;
  images: number;
  bytes: number;
}

export const run: CommandRun<LsSettings> = async (invocation) => {
  const { settings, terminal, signal } = invocation;
  refuseContradictions(invocation);
  const client = connect(connectOptions(invocation));
  const account: Account = { codes: new Set(), images: 0, bytes: 0 };
  try {
    await printAll(linesOf(client, invocation, account), invocation);
    if (signal.aborted) return EXIT.interrupted;
    if (settings.human && !settings.json && !settings.quiet)
      terminal.say(totalLine(account.images, account.bytes));
    return combine(account.codes);
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    client.close();
  }
};

function refuseContradictions({ settings: { format, long, human, json } }: Invocation<LsSettings>): void {
  if (format === 'sha256sum' && (long || human || json))
    throw new UsageError("--format sha256sum can't be combined with --long, --human or --json.");
}

/** Reports names that match nothing and digests that can't be had, and notes their exit codes. */
async function* linesOf(
  client: Client,
  { names, settings, terminal }: Invocation<LsSettings>,
  account: Account,
): AsyncGenerator<string, void, undefined> {
  const forTerminal = terminal.stdout.isTerminal;
  const options = {
    globs: names.length > 0 ? names : undefined,
    facts: showsFacts(settings) || undefined,
    onMissing(name: string) {
      account.codes.add(EXIT.notOnServer);
      const advice = adviceOnGlob(name) ?? "Run 'reso ls' to see what it has.";
      terminal.say(`reso: No image on the server matches '${name}'. ${advice}`);
    },
    onUnreadable(count: number) {
      if (!settings.quiet) tellUnreadable(terminal, count);
    },
    onFailure(name: string, error: ResoError) {
      account.codes.add(exitCodeOf(error));
      terminal.say(`${name}: ${explain(error)}`);
    },
  };
  if (settings.format === 'sha256sum') {
    for await (const { name, sha256 } of client.listWithDigests(options))
      yield sumLine(name, sha256, { endsInNul: settings.null, forTerminal });
    return;
  }
  for await (const entry of client.list(options)) {
    account.images++;
    account.bytes += entry.size;
    yield formatEntry(entry, settings, forTerminal);
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
