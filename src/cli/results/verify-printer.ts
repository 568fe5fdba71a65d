import { resolve } from 'node:path';
import type { VerifyResult, VerifySummary } from '../../index';
import { formatSize } from '../terminal/quantity';
import { EXIT } from './exit-code';
import { messageOf, Printer, tellUnreadable, type PrinterOptions } from './printer';

export interface VerifyPrinterOptions extends PrinterOptions {
  /** The folder with the local copies. */
  readonly dir: string;
}

/** Prints the results of `verify`. */
export class VerifyPrinter extends Printer<VerifyPrinterOptions> {
  /** Bytes of the copies that were read. */
  #checked = 0;

  add(result: VerifyResult): void {
    const { json, quiet, verbose, dir } = this.options;
    const { name, outcome, error, size } = result;
    if (outcome === 'ok' || outcome === 'damaged') this.#checked += size;
    if (outcome === 'missing' || outcome === 'damaged') this.count(EXIT.notVerified);
    if (json) this.printJson(resultObject(result, dir));
    else if (!quiet && (verbose || outcome !== 'ok')) this.print(`${this.terminal.shown(name)}: ${outcome}`);
    if (outcome === 'failed') this.failImage(name, error);
  }

  totals(summary: VerifySummary): void {
    if (this.options.quiet) return;
    tellUnreadable(this.terminal, summary.unreadable);
    const { ok, missing, damaged, extra, repaired, failed, bytesReceived } = summary;
    const counts = [`${ok} ok`, `${missing} missing`, `${damaged} damaged`, `${extra} extra`];
    if (failed > 0) counts.push(`${failed} failed`);
    if (repaired > 0) counts.push(`${repaired} repaired with ${formatSize(bytesReceived)} received`);
    this.terminal.say(`${counts.join(', ')}: ${this.timed(this.#checked, 'checked')}`);
    this.sayUnused(summary.unusedExcludes);
  }
}

function resultObject(result: VerifyResult, folder: string): object {
  const { name, outcome, error, code = null, size, sha256 = null, bytesReceived } = result;
  const path = outcome === 'missing' || outcome === 'failed' ? null : resolve(folder, name);
  return { name, outcome, code, size, sha256, bytesReceived, message: messageOf(error), path };
}
