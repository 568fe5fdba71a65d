import { UsageError } from '../../errors';
import { connectOptions } from '../settings/client-options';
import { downloadInto } from './download';
import { EXIT, type ExitCode } from '../results/exit-code';
import { isSession, type CommandRun, type Invocation } from './invocation';
import { lazy } from '../lazy';
import { connect, type ExactName, type Names } from '../../index';
import { namesFrom } from '../settings/names-from';
import type { GetSettings } from '../settings/options';
import { closeReceipt, openReceipt } from '../results/open-receipt';
import { refuseImage } from './refuse-image';
import { Report } from '../results/get-report';

export const run: CommandRun<GetSettings> = async (invocation) => {
  const { settings, names } = invocation;
  const { all, filesFrom, locked, retryFrom } = settings;
  const source = filesFrom ?? locked ?? retryFrom;
  const namesNothing = names.length === 0 && !all && source === undefined;
  const session = settings.interactive || (namesNothing && isSession(invocation));
  refuseContradictions(invocation, session);
  if (session) return lazy.getSession().runSession(invocation);
  if (namesNothing)
    throw new UsageError(
      'No image is named: give NAME, --all, --files-from, --locked, --retry-from or --interactive.',
    );
  return settings.output === '-' ? lazy.getToStdout().getToStdout(invocation) : getBatch(invocation);
};

function refuseContradictions({ settings, names }: Invocation<GetSettings>, session: boolean): void {
  const { all, filesFrom, output, json, locked, report, retryFrom } = settings;
  if (all && (names.length > 0 || filesFrom !== undefined)) {
    throw new UsageError('--all downloads everything: it goes with neither names nor --files-from.');
  }
  if (session && (all || filesFrom !== undefined || output === '-')) {
    throw new UsageError(
      'A session asks for names: it goes with none of --all, --files-from and --output -.',
    );
  }
  if (locked !== undefined && (session || output === '-')) {
    throw new UsageError('--locked puts files into a folder: it goes with neither a session nor --output -.');
  }
  if (report !== undefined && (session || output === '-')) {
    throw new UsageError('--report is about a batch: it goes with neither a session nor --output -.');
  }
  if (retryFrom !== undefined && (session || all || filesFrom !== undefined || names.length > 0)) {
    throw new UsageError(
      '--retry-from says what to download: it goes with none of names, --all, --files-from and a session.',
    );
  }
  refuseImage(output, '--output');
  const one = names.length === 1 && filesFrom === undefined;
  if (output === '-' && !(one && !json)) {
    throw new UsageError('--output - writes one image: it goes with exactly one name and without --json.');
  }
}

async function getBatch(invocation: Invocation<GetSettings>): Promise<ExitCode> {
  const { settings, terminal, signal } = invocation;
  const client = connect(connectOptions(invocation));
  const receipt = openReceipt(settings.report, 'get', client.address);
  const report = new Report(terminal, { ...settings, session: false, receipt });
  let cause: unknown;
  try {
    await downloadInto(report, client, namesOf(invocation), invocation);
  } catch (error) {
    cause = error;
    if (!signal.aborted) report.fail(error);
  } finally {
    client.close();
  }
  const isInterrupted = cause !== undefined && signal.aborted;
  closeReceipt(receipt, isInterrupted, isInterrupted ? undefined : cause, report);
  return isInterrupted ? EXIT.interrupted : report.exitCode;
}

/** Undefined: all. */
function namesOf({ names, settings }: Invocation<GetSettings>): Names | undefined {
  const { all, filesFrom, locked, retryFrom } = settings;
  if (retryFrom !== undefined) return lazy.retryFrom().retryFrom(retryFrom);
  if (all || (locked !== undefined && filesFrom === undefined && names.length === 0)) return undefined;
  return filesFrom === undefined ? names : both(names, namesFrom(filesFrom, settings.null));
}

async function* both(
  first: Iterable<string>,
  second: AsyncIterable<ExactName>,
): AsyncIterable<string | ExactName> {
  yield* first;
  yield* second;
}
