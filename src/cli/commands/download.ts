import type { Client, DownloadResult, DownloadSummary, Names } from '../../index';
import type { GetPrinter } from '../results/get-printer';
import { countDownloads } from '../results/printer';
import { Suggestions } from '../results/suggestions';
import { lockedState } from '../settings/locked-state';
import type { GetSettings } from '../settings/options';
import { formatDuration, formatSize } from '../terminal/quantity';
import { showProgress } from './batch';
import type { Invocation } from './invocation';

/** Downloads `names` (undefined: all) as the settings of `get` say. */
export async function download(
  client: Client,
  names: Names | undefined,
  printer: GetPrinter,
  invocation: Invocation<GetSettings>,
): Promise<void> {
  const { settings, terminal, signal } = invocation;
  const start = process.uptime(); // `performance` would be loaded first
  const suggestions = new Suggestions<DownloadResult>(client, (result) => printer.add(result));
  const { summary, wasShown } = await showProgress(invocation, async (progress) => {
    const { output, overwrite, durable, exclude, dryRun } = settings;
    const locked = await lockedState(settings.locked, signal);
    const onResult = suggestions.add.bind(suggestions);
    const options = { output, overwrite, durable, exclude, dryRun, locked, onResult, progress };
    return client.download(names, options).finally(() => suggestions.settled());
  });
  printer.totals(summary);
  if (!settings.dryRun && (settings.verbose || wasShown))
    terminal.say(summaryLine(summary, process.uptime() - start));
}

function summaryLine(summary: DownloadSummary, seconds: number): string {
  const { identical, failed, bytesReceived } = summary;
  const counts = `${countDownloads(summary)}, ${identical} identical, ${failed} failed`;
  const speed = seconds > 0 ? `, ${formatSize(bytesReceived / seconds)}/s` : '';
  return `${counts}: ${formatSize(bytesReceived)} received in ${formatDuration(seconds)}${speed}`;
}
