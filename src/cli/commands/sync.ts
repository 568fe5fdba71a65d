import { UsageError } from '../../errors';
import { openLock } from '../../index';
import type { ReportFile } from '../results/report-file';
import { SyncPrinter } from '../results/sync-printer';
import type { SyncSettings } from '../settings/options';
import { runBatch, showProgress } from './batch';
import type { CommandRun } from './invocation';
import { refuseImage } from './refuse-image';

/** Makes a folder hold what the server holds. */
export const run: CommandRun<SyncSettings> = async (invocation) => {
  const { settings, terminal } = invocation;
  refuseImage(settings.dir, 'DIR');
  if (settings.force && !settings.delete) throw new UsageError('--force is about --delete: give both.');
  const newPrinter = (reportFile: ReportFile | undefined) =>
    new SyncPrinter(terminal, { ...settings, reportFile });
  return runBatch('sync', invocation, newPrinter, async (client, printer) => {
    const { summary } = await showProgress(invocation, async (progress) => {
      const { dir, include, exclude, delete: deletes, force, dryRun, durable } = settings;
      const onResult = printer.add.bind(printer);
      const locked = settings.locked === undefined ? undefined : await openLock(settings.locked);
      const options = { locked, include, exclude, delete: deletes, force, dryRun, durable };
      return client.sync(dir, { ...options, onResult, progress });
    });
    printer.totals(summary);
  });
};
