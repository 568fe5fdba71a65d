import type { VerifyResult, VerifySummary } from '../../index';
import { formatSize } from '../terminal/quantity';
import { EXIT } from './exit-code';
import { Printer, tellUnreadable } from './printer';

/** Prints the results of `verify`. */
export class VerifyPrinter extends Printer {
  add(result: VerifyResult): void {
    const { json, quiet, verbose } = this.options;
    const { name, outcome, error } = result;
    if (outcome === 'missing' || outcome === 'damaged') this.count(EXIT.notVerified);
    if (json) this.printJson(resultObject(result));
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
    this.terminal.say(counts.join(', '));
    this.sayUnused(summary.unusedExcludes);
  }
}

function resultObject(result: VerifyResult): object {
  const { name, outcome, code = null, size, sha256 = null, bytesReceived } = result;
  return { name, outcome, code, size, sha256, bytesReceived };
}
