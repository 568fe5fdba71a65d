import { UsageError } from '../../errors';
import { connectOptions } from '../settings/client-options';
import { EXIT } from '../results/exit-code';
import type { CommandRun } from './invocation';
import { lazy } from '../lazy';
import { connect, newProgress, openLock } from '../../index';
import type { SyncSettings } from '../settings/options';
import { closeReceipt, openReceipt } from '../results/open-receipt';
import { refuseImage } from './refuse-image';
import { SyncReport } from '../results/sync-report';

const INTERRUPTED =
  'reso: interrupted. What came is kept: running the same command again goes on from there.';

/** Makes a folder hold what the server holds. */
export const run: CommandRun<SyncSettings> = async (invocation) => {
  const { settings, terminal, signal } = invocation;
  refuseImage(settings.dir, 'DIR');
  if (settings.force && !settings.delete) throw new UsageError('--force is about --delete: give both.');
  const client = connect(connectOptions(invocation));
  const receipt = openReceipt(settings.report, 'sync', client.address);
  const report = new SyncReport(terminal, { ...settings, receipt });
  const progress = newProgress();
  const { quiet, noProgress, json } = settings;
  const isShown =
    terminal.stderr.isTerminal && !quiet && !noProgress && !(json && terminal.stdout.isTerminal);
  const display = isShown ? new (lazy.progressDisplay().ProgressDisplay)(terminal, progress) : undefined;
  let cause: unknown;
  try {
    const { dir, include, exclude, delete: deletes, force, dryRun, durable } = settings;
    const onResult = report.add.bind(report);
    const locked = settings.locked === undefined ? undefined : await openLock(settings.locked);
    const options = { locked, include, exclude, delete: deletes, force, dryRun, durable, onResult, progress };
    const summary = await client.sync(dir, options);
    display?.stop();
    report.unreadable(summary.unreadable);
    report.totals(summary);
  } catch (error) {
    display?.stop();
    cause = error;
    if (!signal.aborted) report.fail(error);
  } finally {
    client.close();
  }
  const isInterrupted = cause !== undefined && signal.aborted;
  if (isInterrupted) terminal.say(INTERRUPTED);
  closeReceipt(receipt, isInterrupted, isInterrupted ? undefined : cause, report);
  return isInterrupted ? EXIT.interrupted : report.exitCode;
};
