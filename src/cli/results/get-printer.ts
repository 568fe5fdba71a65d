import type { DownloadResult } from '../../index';
import { formatSize } from '../terminal/quantity';
import { EXIT } from './exit-code';
import { exitCodeOf, MISSING } from './explain';
import { downloadObject, Printer, type PrinterOptions } from './printer';

export interface GetPrinterOptions extends PrinterOptions {
  /** In a session a missing image is an answer, and no failure. */
  readonly session: boolean;
}

/** Prints the results of `get`. */
export class GetPrinter extends Printer<GetPrinterOptions> {
  add(result: DownloadResult): void {
    const { json, quiet, verbose, reportFile } = this.options;
    reportFile?.add(result);
    if (json) this.printJson(downloadObject(result));
    if (result.outcome === 'failed') this.#failed(result);
    else if (!json && !quiet) this.print(`${this.terminal.shown(result.name)} ${SENTENCES[result.outcome]}`);
    if (verbose && result.outcome !== 'failed') this.terminal.say(details(result));
  }

  #failed({ name, error, code }: DownloadResult): void {
    if (code === 'ABORTED') return;
    const exitCode = exitCodeOf(error);
    if (!this.options.session || exitCode !== EXIT.notOnServer) return this.failImage(name, error);
    this.count(exitCode);
    this.print(MISSING);
  }
}

const SENTENCES = {
  downloaded: 'successfully downloaded.',
  identical: 'is already here, identical.',
} as const;

function details({ name, size, sha256, bytesReceived, resumedFrom, attempts }: DownloadResult): string {
  const parts = [`${formatSize(size ?? 0)}, ${formatSize(bytesReceived)} received`];
  if (resumedFrom > 0) parts.push(`resumed from byte ${resumedFrom}`);
  if (attempts > 1) parts.push(`${attempts} attempts`);
  if (sha256 !== undefined) parts.push(`SHA-256 ${sha256}`);
  return `${name}: ${parts.join(', ')}`;
}
