import { connect, openLock } from '../../index';
import { EXIT } from '../results/exit-code';
import { VerifyPrinter } from '../results/verify-printer';
import { connectOptions } from '../settings/client-options';
import type { VerifySettings } from '../settings/options';
import type { CommandRun } from './invocation';
import { refuseImage } from './refuse-image';

/** Holds local copies against the server, or against a lock file. */
export const run: CommandRun<VerifySettings> = async (invocation) => {
  const { names, settings, terminal, signal } = invocation;
  refuseImage(settings.dir, 'DIR');
  const { dir: folder, exclude, repair, durable } = settings;
  const include = [...names, ...settings.include];
  const locked = settings.locked === undefined ? undefined : await openLock(settings.locked);
  const printer = new VerifyPrinter(terminal, settings);
  const client = connect(connectOptions(invocation));
  try {
    const onResult = printer.add.bind(printer);
    printer.totals(await client.verify({ folder, include, exclude, locked, repair, durable, onResult }));
    return printer.exitCode;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    client.close();
  }
};
