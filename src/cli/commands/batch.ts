import { connect, newProgress, type Client, type Progress } from '../../index';
import { EXIT, type ExitCode } from '../results/exit-code';
import type { Printer } from '../results/printer';
import type * as Reports from '../results/report-file';
import { connectOptions } from '../settings/client-options';
import type { GetSettings, SyncSettings, VerifySettings } from '../settings/options';
import type * as Displays from '../terminal/progress-display';
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

/**
 * Shows the progress of `run` where there is somebody to see it; elsewhere nobody has to count. `speedOf` is the counter
 * whose growth is the speed.
 */
export async function showProgress<T>(
  invocation: Pick<Invocation<GetSettings | SyncSettings | VerifySettings>, 'settings' | 'terminal'>,
  run: (progress: Progress | undefined) => Promise<T>,
  speedOf: 'bytesReceived' | 'bytesDone' = 'bytesReceived',
): Promise<T> {
  if (!hasProgress(invocation)) return run(undefined);
  const { ProgressDisplay } = require('../terminal/progress-display') as typeof Displays;
  const progress = newProgress();
  const display = new ProgressDisplay(invocation.terminal, progress, speedOf);
  try {
    return await run(progress);
  } finally {
    display.stop();
  }
}

function hasProgress({ settings, terminal }: Parameters<typeof showProgress>[0]): boolean {
  const { quiet, noProgress, json } = settings;
  // JSON on the same terminal would be torn apart.
  return terminal.canRedraw && !quiet && !noProgress && !(json && terminal.stdout.isTerminal);
}
