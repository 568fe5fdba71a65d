import { openLock, type Client, type DownloadSummary, type Names } from '../../index';
import type { GetPrinter } from '../results/get-printer';
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
  const { settings, terminal } = invocation;
  const start = process.uptime(); // `performance` would be loaded first
  const { summary, wasShown } = await showProgress(invocation, async (progress) => {
    const { output, overwrite, durable } = settings;
    const locked = settings.locked === undefined ? undefined : await openLock(settings.locked);
    const onResult = printer.add.bind(printer);
    return client.download(names, { output, overwrite, durable, locked, onResult, progress });
  });
  printer.unreadable(summary.unreadable);
  if (settings.verbose || wasShown) terminal.say(summaryLine(summary, process.uptime() - start));
}

function summaryLine(
  { downloaded, identical, failed, bytesReceived }: DownloadSummary,
  seconds: number,
): string {
  const counts = `${downloaded} downloaded, ${identical} identical, ${failed} failed`;
  const speed = seconds > 0 ? `, ${formatSize(bytesReceived / seconds)}/s` : '';
  return `${counts}: ${formatSize(bytesReceived)} received in ${formatDuration(seconds)}${speed}`;
}
