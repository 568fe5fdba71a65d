import type { Client, DownloadResult, Names } from '../../index';
import type { GetPrinter } from '../results/get-printer';
import { Suggestions } from '../results/suggestions';
import { lockedState } from '../settings/locked-state';
import type { GetSettings } from '../settings/options';
import { showProgress } from './batch';
import type { Invocation } from './invocation';

/** Downloads `names` (undefined: all) as the settings of `get` say. */
export async function download(
  client: Client,
  names: Names | undefined,
  printer: GetPrinter,
  invocation: Invocation<GetSettings>,
): Promise<void> {
  const { settings, signal } = invocation;
  const suggestions = new Suggestions<DownloadResult>(
    client,
    (result) => printer.add(result),
    invocation.names,
  );
  const summary = await showProgress(invocation, async (progress) => {
    const { output, overwrite, durable, exclude, dryRun } = settings;
    const locked = await lockedState(settings.locked, signal);
    const onResult = suggestions.add.bind(suggestions);
    const options = { output, overwrite, durable, exclude, dryRun, locked, onResult, progress };
    return client.download(names, options).finally(() => suggestions.settled());
  });
  printer.totals(summary);
}
