import type { Invocation } from './invocation';
import { lazy } from '../lazy';
import { newProgress, openLock, type Client, type DownloadSummary, type Names } from '../../index';
import type { GetSettings } from '../settings/options';
import { formatDuration, formatSize } from '../terminal/quantity';
import type { Report } from '../results/get-report';

const INTERRUPTED =
  'reso: interrupted. What came is kept: running the same command again goes on from there.';

/** Downloads `names` (undefined: all) as the settings say, with progress where there is somebody to see it. */
export async function downloadInto(
  report: Report,
  client: Client,
  names: Names | undefined,
  { settings, terminal, signal }: Invocation<GetSettings>,
): Promise<void> {
  const progress = newProgress();
  const display = showsProgress({ settings, terminal })
    ? new (lazy.progressDisplay().ProgressDisplay)(terminal, progress)
    : undefined;
  const start = process.uptime(); // `performance` would be loaded first
  try {
    const { output, overwrite, durable } = settings;
    const locked = settings.locked === undefined ? undefined : await openLock(settings.locked);
    const onResult = report.add.bind(report);
    const summary = await client.download(names, { output, overwrite, durable, locked, onResult, progress });
    report.unreadable(summary.unreadable);
    if (settings.verbose || display?.wasShown) terminal.say(summaryLine(summary, process.uptime() - start));
  } catch (error) {
    if (signal.aborted) terminal.say(INTERRUPTED);
    throw error;
  } finally {
    display?.stop();
  }
}

/** JSON on the same terminal would be torn apart. */
function showsProgress({
  settings,
  terminal,
}: Pick<Invocation<GetSettings>, 'settings' | 'terminal'>): boolean {
  const { quiet, noProgress, json } = settings;
  return terminal.stderr.isTerminal && !quiet && !noProgress && !(json && terminal.stdout.isTerminal);
}

function summaryLine(
  { downloaded, identical, failed, bytesReceived }: DownloadSummary,
  seconds: number,
): string {
  const counts = `${downloaded} downloaded, ${identical} identical, ${failed} failed`;
  const speed = seconds > 0 ? `, ${formatSize(bytesReceived / seconds)}/s` : '';
  return `${counts}: ${formatSize(bytesReceived)} received in ${formatDuration(seconds)}${speed}`;
}
