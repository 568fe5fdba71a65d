import { connect, newProgress, type Client, type Progress } from '../../index';
import { EXIT, type ExitCode } from '../results/exit-code';
import type { Printer } from '../results/printer';
import type * as Reports from '../results/report-file';
import { connectOptions } from '../settings/client-options';
import type { GetSettings, SyncSettings } from '../settings/options';
import type * as Displays from '../terminal/progress-display';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from './invocation';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded only where it is used, so that a command starts quickly */

type BatchInvocation = Invocation<GetSettings | SyncSettings>;

export const INTERRUPTED = 'reso: interrupted. Run the same command again to resume.';

/** Runs `get` or `sync` to its end: with a client, the `--report` file, and one exit code for all images. */
export async function runBatch<P extends Printer>(
  command: 'get' | 'sync',
  invocation: BatchInvocation,
  newPrinter: (reportFile: Reports.ReportFile | undefined) => P,
  run: (client: Client, printer: P) => Promise<void>,
): Promise<ExitCode> {
  const { settings, terminal, signal } = invocation;
  const client = connect(connectOptions(invocation));
  const reportFile = openReportFile(settings.report, command, client.address);
  const printer = newPrinter(reportFile);
  let endedEarlyBy: unknown;
  try {
    await run(client, printer);
  } catch (error) {
    endedEarlyBy = error;
    if (!signal.aborted) printer.fail(error);
  } finally {
    client.close();
  }
  const isInterrupted = endedEarlyBy !== undefined && signal.aborted;
  if (isInterrupted) terminal.say(INTERRUPTED);
  try {
    reportFile?.close(isInterrupted, isInterrupted ? undefined : endedEarlyBy);
  } catch (error) {
    printer.fail(error);
  }
  return isInterrupted ? EXIT.interrupted : printer.exitCode;
}

/** Undefined: not wanted. Throws DISK. */
function openReportFile(
  path: string | undefined,
  command: string,
  server: string,
): Reports.ReportFile | undefined {
  if (path === undefined) return undefined;
  const { ReportFile } = require('../results/report-file') as typeof Reports;
  return new ReportFile(path, command, server);
}

/** Shows the progress of `run` on a terminal. `wasShown` is false if the run ended before anything was shown. */
export async function showProgress<T>(
  { settings, terminal }: Pick<BatchInvocation, 'settings' | 'terminal'>,
  run: (progress: Progress) => Promise<T>,
): Promise<{ readonly summary: T; readonly wasShown: boolean }> {
  const progress = newProgress();
  const { quiet, noProgress, json } = settings;
  // JSON on the same terminal would be broken up.
  const isShown =
    terminal.stderr.isTerminal && !quiet && !noProgress && !(json && terminal.stdout.isTerminal);
  const display = isShown ? newDisplay(terminal, progress) : undefined;
  try {
    const summary = await run(progress);
    return { summary, wasShown: display?.wasShown === true };
  } finally {
    display?.stop();
  }
}

function newDisplay(terminal: Terminal, progress: Progress): Displays.ProgressDisplay {
  const { ProgressDisplay } = require('../terminal/progress-display') as typeof Displays;
  return new ProgressDisplay(terminal, progress);
}
