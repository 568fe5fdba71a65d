import { connect, type VerifyResult } from '../../index';
import { EXIT } from '../results/exit-code';
import { Suggestions } from '../results/suggestions';
import { VerifyPrinter } from '../results/verify-printer';
import { connectOptions } from '../settings/client-options';
import { lockedState } from '../settings/locked-state';
import type { VerifySettings } from '../settings/options';
import type { CommandRun } from './invocation';
import { refuseImage } from './refuse-image';

/** Compares local copies with the server, or with a lock file. */
export const run: CommandRun<VerifySettings> = async (invocation) => {
  const { names, settings, terminal, signal } = invocation;
  refuseImage(settings.dir, 'DIR');
  const { dir: folder, exclude, repair, durable } = settings;
  const include = [...names, ...settings.include];
  const printer = new VerifyPrinter(terminal, settings);
  const client = connect(connectOptions(invocation));
  try {
    const locked = await lockedState(settings.locked, signal);
    const suggestions = new Suggestions<VerifyResult>(client, (result) => printer.add(result));
    const onResult = suggestions.add.bind(suggestions);
    const options = { folder, include, exclude, locked, repair, durable, onResult };
    const summary = await client.verify(options).finally(() => suggestions.settled());
    printer.totals(summary);
    return printer.exitCode;
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    client.close();
  }
};
