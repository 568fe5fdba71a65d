import type { VerifyResult, VerifySummary } from '../../index';
import { EXIT, type ExitCode } from './exit-code';
import { Failures, sayUnused } from './failures';
import { jsonLine } from '../terminal/json-line';
import { formatSize } from '../terminal/quantity';
import type { Terminal } from '../terminal/terminal';
import { tellUnreadable } from './unreadable';

export interface VerifyReportOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Says what was found of each image, and keeps the exit code for all of them. */
export class VerifyReport {
  readonly #terminal: Terminal;
  readonly #options: VerifyReportOptions;
  readonly #failures: Failures;

  constructor(terminal: Terminal, options: VerifyReportOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#failures = new Failures(terminal);
  }

  get exitCode(): ExitCode {
    return this.#failures.exitCode;
  }

  add(result: VerifyResult): void {
    const { json, quiet, verbose } = this.#options;
    const { name, outcome, error } = result;
    if (outcome === 'missing' || outcome === 'damaged') this.#failures.count(EXIT.notVerified);
    if (json) this.#print(jsonLine(resultObject(result), this.#terminal.stdout.isTerminal));
    else if (!quiet && (verbose || outcome !== 'ok'))
      this.#print(`${this.#terminal.shown(name)}: ${outcome}`);
    if (outcome === 'failed') this.#failures.ofImage(name, error);
  }

  totals(summary: VerifySummary): void {
    if (this.#options.quiet) return;
    tellUnreadable(this.#terminal, summary.unreadable);
    const { ok, missing, damaged, extra, repaired, failed, bytesReceived } = summary;
    const counts = [`${ok} ok`, `${missing} missing`, `${damaged} damaged`, `${extra} extra`];
    if (failed > 0) counts.push(`${failed} failed`);
    if (repaired > 0) counts.push(`${repaired} repaired with ${formatSize(bytesReceived)} received`);
    this.#terminal.say(counts.join(', '));
    sayUnused(this.#terminal, summary.unusedExcludes);
  }

  #print(line: string): void {
    void this.#terminal.print(`${line}\n`);
  }
}

function resultObject(result: VerifyResult): object {
  const { name, outcome, code = null, size, sha256 = null, bytesReceived } = result;
  return { name, outcome, code, size, sha256, bytesReceived };
}
