import { UsageError } from '../../errors';
import type { ExactName, Names } from '../../index';
import type { ExitCode } from '../results/exit-code';
import { GetPrinter } from '../results/get-printer';
import type { ReportFile } from '../results/report-file';
import { namesFrom, retryFrom } from '../settings/names-from';
import type { GetSettings } from '../settings/options';
import { runBatch } from './batch';
import { download } from './download';
import type * as Sessions from './get-session';
import type * as ToStdout from './get-to-stdout';
import { isSession, type CommandRun, type Invocation } from './invocation';
import { refuseImage } from './refuse-image';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded only where it is used, so that a command starts quickly */

export const run: CommandRun<GetSettings> = async (invocation) => {
  const { settings, names } = invocation;
  const { all, filesFrom, locked } = settings;
  const source = filesFrom ?? locked ?? settings.retryFrom;
  const namesNothing = names.length === 0 && !all && source === undefined;
  const session = settings.interactive || (namesNothing && isSession(invocation));
  refuseContradictions(invocation, session);
  if (session) return (require('./get-session') as typeof Sessions).runSession(invocation);
  if (namesNothing)
    throw new UsageError(
      'Nothing to download: give NAME, --all, --files-from, --locked, --retry-from or --interactive.',
    );
  if (settings.output === '-') return (require('./get-to-stdout') as typeof ToStdout).getToStdout(invocation);
  return getBatch(invocation);
};

function refuseContradictions({ settings, names }: Invocation<GetSettings>, session: boolean): void {
  const { all, filesFrom, output, json, locked, report, exclude, dryRun } = settings;
  if (all && (names.length > 0 || filesFrom !== undefined)) {
    throw new UsageError("--all downloads everything: it can't be combined with names or --files-from.");
  }
  if (session && (all || filesFrom !== undefined || output === '-')) {
    throw new UsageError(
      "A session asks for names: it can't be combined with --all, --files-from or --output -.",
    );
  }
  if ((dryRun || exclude.length > 0) && (session || output === '-')) {
    throw new UsageError(
      "--dry-run and --exclude apply to a batch: they can't be combined with a session or --output -.",
    );
  }
  if (locked === '-' && filesFrom === '-') {
    throw new UsageError(
      'stdin can provide either names or a lock file: give --files-from or --locked a file.',
    );
  }
  if (locked !== undefined && (session || output === '-')) {
    throw new UsageError("--locked writes to a folder: it can't be combined with a session or --output -.");
  }
  if (report !== undefined && (session || output === '-')) {
    throw new UsageError("--report describes a batch: it can't be combined with a session or --output -.");
  }
  if (settings.retryFrom !== undefined && (session || all || filesFrom !== undefined || names.length > 0)) {
    throw new UsageError(
      "--retry-from says what to download: it can't be combined with names, --all, --files-from or a session.",
    );
  }
  refuseImage(output, '--output');
  const one = names.length === 1 && filesFrom === undefined;
  if (output === '-' && !(one && !json)) {
    throw new UsageError('--output - writes one image: give exactly one name, and no --json.');
  }
}

function getBatch(invocation: Invocation<GetSettings>): Promise<ExitCode> {
  const { settings, terminal } = invocation;
  const newPrinter = (reportFile: ReportFile | undefined) =>
    new GetPrinter(terminal, { ...settings, session: false, reportFile });
  return runBatch('get', invocation, newPrinter, (client, printer) =>
    download(client, namesOf(invocation), printer, invocation),
  );
}

/** Undefined: all. */
function namesOf({ names, settings }: Invocation<GetSettings>): Names | undefined {
  const { all, filesFrom, locked } = settings;
  if (settings.retryFrom !== undefined) return retryFrom(settings.retryFrom);
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
