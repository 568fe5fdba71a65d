import type { SyncResult, SyncSummary } from '../../index';
import type { ExitCode } from './exit-code';
import { explain } from './explain';
import { Failures, sayUnused } from './failures';
import { jsonLine } from '../terminal/json-line';
import { formatSize } from '../terminal/quantity';
import type { Receipt } from './report-file';
import type { Terminal } from '../terminal/terminal';
import { tellUnreadable } from './unreadable';

export interface SyncReportOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly dryRun: boolean;
  /** Takes the results, too. */
  readonly receipt?: Pick<Receipt, 'add' | 'unreadable'> | undefined;
}

/** Says what became of each image, those that were here already only on demand, and keeps the exit code for all. */
export class SyncReport {
  readonly #terminal: Terminal;
  readonly #options: SyncReportOptions;
  readonly #failures: Failures;

  constructor(terminal: Terminal, options: SyncReportOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#failures = new Failures(terminal);
  }

  get exitCode(): ExitCode {
    return this.#failures.exitCode;
  }

  add(result: SyncResult): void {
    const { json, quiet, verbose, dryRun, receipt } = this.#options;
    receipt?.add(result);
    const { name, outcome, error, code } = result;
    if (json) this.#print(jsonLine(resultObject(result, dryRun), this.#terminal.stdout.isTerminal));
    if (outcome === 'failed') {
      if (code !== 'ABORTED') this.#failures.ofImage(name, error);
    } else if (outcome === 'kept') {
      if (!quiet) this.#terminal.say(`${name}: ${explain(error)}`);
    } else if (!json && !quiet && (verbose || outcome !== 'identical')) {
      this.#print(`${this.#terminal.shown(name)} ${(dryRun ? PLANS : SENTENCES)[outcome]}`);
    }
  }

  totals(summary: SyncSummary): void {
    if (this.#options.quiet) return;
    const { downloaded, identical, deleted, kept, failed, bytesReceived } = summary;
    const counts = [`${downloaded} downloaded`, `${identical} identical`, `${deleted} deleted`];
    if (kept > 0) counts.push(`${kept} kept`);
    counts.push(`${failed} failed`);
    const rest = this.#options.dryRun
      ? 'nothing was written (--dry-run)'
      : `${formatSize(bytesReceived)} received`;
    this.#terminal.say(`${counts.join(', ')}: ${rest}`);
    sayUnused(this.#terminal, summary.unusedExcludes);
  }

  /** So much was asked for that the server can't read. */
  unreadable(count: number): void {
    const { json, quiet, receipt } = this.#options;
    receipt?.unreadable(count);
    if (count > 0 && json) this.#print(jsonLine({ unreadable: count }, this.#terminal.stdout.isTerminal));
    if (!quiet) tellUnreadable(this.#terminal, count);
  }

  /** Something failed that is not about one image. */
  fail(error: unknown): void {
    this.#failures.ofAll(error);
  }

  #print(line: string): void {
    void this.#terminal.print(`${line}\n`);
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

function resultObject(result: SyncResult, dryRun: boolean): object {
  const { name, outcome, code = null, size = null, sha256 = null } = result;
  const { bytesReceived, resumedFrom, attempts } = result;
  const object = { name, outcome, code, size, sha256, bytesReceived, resumedFrom, attempts };
  return dryRun ? { ...object, dryRun } : object;
}
