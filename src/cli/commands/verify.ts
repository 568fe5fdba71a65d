import { connectOptions } from '../settings/client-options';
import { EXIT } from '../results/exit-code';
import type { CommandRun } from './invocation';
import { connect, openLock } from '../../index';
import type { VerifySettings } from '../settings/options';
import { refuseImage } from './refuse-image';
import { VerifyReport } from '../results/verify-report';

/** Holds local copies against the server, or against a lock file. */
export const run: CommandRun<VerifySettings> = async (invocation) => {
  const { names, settings, terminal, signal } = invocation;
  refuseImage(settings.dir, 'DIR');
  const { dir: folder, exclude, repair, durable } = settings;
  const include = [...names, ...settings.include];
  const locked = settings.locked === undefined ? undefined : await openLock(settings.locked);
  const report = new VerifyReport(terminal, settings);
  const client = connect(connectOptions(invocation));
  try {
    const onResult = report.add.bind(report);
    report.totals(await client.verify({ folder, include, exclude, locked, repair, durable, onResult }));
    return report.exitCode;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    client.close();
  }
};
