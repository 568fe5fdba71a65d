import { UsageError } from '../../errors';
import type { SyncResult } from '../../index';
import type { ReportFile } from '../results/report-file';
import { Suggestions } from '../results/suggestions';
import { SyncPrinter } from '../results/sync-printer';
import { lockedState } from '../settings/locked-state';
import type { SyncSettings } from '../settings/options';
import { runBatch, showProgress } from './batch';
import type * as Follow from './follow';
import type { CommandRun } from './invocation';
import { refuseImage } from './refuse-image';

/* eslint-disable @typescript-eslint/no-require-imports -- loaded only where it is used, so that a command starts quickly */

/** Makes a folder match the server. */
export const run: CommandRun<SyncSettings> = async (invocation) => {
  const { settings, terminal, signal } = invocation;
  refuseImage(settings.dir, 'DIR');
  if (settings.force && !settings.delete) throw new UsageError('--force requires --delete.');
  if (settings.follow) {
    refuseToFollow(settings);
    return (require('./follow') as typeof Follow).follow(invocation);
  }
  const newPrinter = (reportFile: ReportFile | undefined) =>
    new SyncPrinter(terminal, { ...settings, reportFile });
  return runBatch('sync', invocation, newPrinter, async (client, printer) => {
    const suggestions = new Suggestions<SyncResult>(client, (result) => printer.add(result));
    const summary = await showProgress(invocation, async (progress) => {
      const { dir, include, exclude, delete: deletes, force, dryRun, durable } = settings;
      const onResult = suggestions.add.bind(suggestions);
      const locked = await lockedState(settings.locked, signal);
      const options = { locked, include, exclude, delete: deletes, force, dryRun, durable };
      return client.sync(dir, { ...options, onResult, progress }).finally(() => suggestions.settled());
    });
    printer.totals(summary);
  });
};

/** Seconds. A server says every 5 seconds that it still waits for a change. */
const LEAST_TIMEOUT = 10;

/** Throws USAGE for what is about a single sync, and for a time-out that is shorter than the pauses of a waiting server. */
function refuseToFollow({ dryRun, report, locked, timeout }: SyncSettings): void {
  const given = { '--dry-run': dryRun, '--report': report !== undefined, '--locked': locked !== undefined };
  const [option] = Object.entries(given).find(([, isGiven]) => isGiven) ?? [];
  if (option !== undefined) throw new UsageError(`--follow can't be combined with ${option}.`);
  if (timeout < LEAST_TIMEOUT)
    throw new UsageError(`--follow needs a --timeout of at least ${LEAST_TIMEOUT} seconds.`);
}
