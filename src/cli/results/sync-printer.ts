import type { SyncResult, SyncSummary } from '../../index';
import { explain } from './explain';
import { countDownloads, downloadObject, Printer, Resumed, type PrinterOptions } from './printer';

export interface SyncPrinterOptions extends PrinterOptions {
  /** The folder that is synced. */
  readonly dir: string;
  readonly dryRun: boolean;
}

/** Prints the results of `sync`: those that were here already only on demand. */
export class SyncPrinter extends Printer<SyncPrinterOptions> {
  readonly #resumed = new Resumed();

  add(result: SyncResult): void {
    const { json, quiet, verbose, dir, dryRun, reportFile } = this.options;
    reportFile?.add(result);
    this.#resumed.add(result);
    const { name, outcome, error, code, replaced = false } = result;
    if (json) this.printJson({ ...downloadObject(result, { folder: dir, dryRun }), replaced });
    if (outcome === 'failed') {
      if (code !== 'ABORTED') this.failImage(name, error);
    } else if (outcome === 'kept') {
      if (!quiet) this.terminal.say(`${name}: ${explain(error)}`);
    } else if (!json && !quiet && (verbose || outcome !== 'identical')) {
      this.print(`${this.terminal.shown(name)} ${(dryRun ? PLANS : SENTENCES)[outcome]}`);
    }
    if (verbose && replaced) this.terminal.say(`${name}: replaces another file`);
  }

  totals(summary: SyncSummary): void {
    this.unreadable(summary.unreadable);
    if (this.options.quiet) return;
    const { identical, deleted, kept, failed, bytesReceived } = summary;
    const counts = [countDownloads(summary), `${identical} identical`, `${deleted} deleted`];
    if (kept > 0) counts.push(`${kept} kept`);
    counts.push(`${failed} failed`);
    const rest = this.options.dryRun
      ? 'nothing was written (--dry-run)'
      : `${this.timed(bytesReceived, 'received')}${this.#resumed}`;
    this.terminal.say(`${counts.join(', ')}: ${rest}`);
    this.sayUnused(summary.unusedExcludes);
  }
}

const SENTENCES = {
  downloaded: 'successfully downloaded.',
  identical: 'is already here, identical.',
  deleted: 'deleted.',
} as const;

const PLANS = {
  downloaded: 'would be downloaded.',
  identical: 'is already here, identical.',
  deleted: 'would be deleted.',
} as const;
