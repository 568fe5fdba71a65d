import type { DownloadResult, DownloadSummary } from '../../index';
import { formatSize } from '../terminal/quantity';
import { EXIT } from './exit-code';
import { exitCodeOf, MISSING, NearMiss } from './explain';
import { countDownloads, downloadObject, Printer, Resumed, type PrinterOptions } from './printer';

export interface GetPrinterOptions extends PrinterOptions {
  /** The folder that images are put in. */
  readonly output: string;
  readonly dryRun: boolean;
  /** In a session a missing image is an answer, and no failure; and one image needs no summary. */
  readonly session: boolean;
}

/** Prints the results of `get`. */
export class GetPrinter extends Printer<GetPrinterOptions> {
  readonly #resumed = new Resumed();

  add(result: DownloadResult): void {
    const { json, quiet, verbose, output, dryRun, reportFile } = this.options;
    reportFile?.add(result);
    this.#resumed.add(result);
    if (json) this.printJson(downloadObject(result, { folder: output, dryRun }));
    if (result.outcome === 'failed') this.#failed(result);
    else if (!json && !quiet)
      this.print(`${this.terminal.shown(result.name)} ${(dryRun ? PLANS : SENTENCES)[result.outcome]}`);
    if (verbose && result.outcome !== 'failed') this.terminal.say(details(result));
  }

  totals(summary: DownloadSummary): void {
    this.unreadable(summary.unreadable);
    if (this.options.quiet) return;
    if (!this.options.session) this.terminal.say(this.#summaryOf(summary));
    this.sayUnused(summary.unusedExcludes);
  }

  #summaryOf(summary: DownloadSummary): string {
    const { identical, failed, bytesReceived } = summary;
    const counts = `${countDownloads(summary)}, ${identical} identical, ${failed} failed`;
    if (this.options.dryRun) return `${counts}: nothing was written (--dry-run)`;
    return `${counts}: ${this.timed(bytesReceived, 'received')}${this.#resumed}`;
  }

  #failed({ name, error, code }: DownloadResult): void {
    if (code === 'ABORTED') return;
    const exitCode = exitCodeOf(error);
    if (!this.options.session || exitCode !== EXIT.notOnServer) return this.failImage(name, error);
    this.count(exitCode);
    this.print(MISSING);
    if (error instanceof NearMiss) this.terminal.say(error.message);
  }
}

const SENTENCES = {
  downloaded: 'successfully downloaded.',
  identical: 'is already here, identical.',
} as const;

const PLANS = { ...SENTENCES, downloaded: 'would be downloaded.' } as const;

function details(result: DownloadResult): string {
  const { name, replaced, size, sha256, bytesReceived, resumedFrom, attempts } = result;
  const parts = [`${formatSize(size ?? 0)}, ${formatSize(bytesReceived)} received`];
  if (replaced) parts.push('replaces another file');
  if (resumedFrom > 0) parts.push(`resumed from byte ${resumedFrom}`);
  if (attempts > 1) parts.push(`${attempts} attempts`);
  if (sha256 !== undefined) parts.push(`SHA-256 ${sha256}`);
  return `${name}: ${parts.join(', ')}`;
}
