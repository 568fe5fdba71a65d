import type { DownloadResult } from '../../index';
import { EXIT, type ExitCode } from './exit-code';
import { exitCodeOf, MISSING } from './explain';
import { Failures } from './failures';
import { jsonLine } from '../terminal/json-line';
import { formatSize } from '../terminal/quantity';
import type { Receipt } from './report-file';
import type { Terminal } from '../terminal/terminal';
import { tellUnreadable } from './unreadable';

export interface ReportOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** In a session a missing image is an answer, and no failure. */
  readonly session: boolean;
  /** Takes the results, too. */
  readonly receipt?: Pick<Receipt, 'add' | 'unreadable'> | undefined;
}

/** Says what became of each image, and keeps the exit code for all of them. */
export class Report {
  readonly #terminal: Terminal;
  readonly #options: ReportOptions;
  readonly #failures: Failures;

  constructor(terminal: Terminal, options: ReportOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#failures = new Failures(terminal);
  }

  get exitCode(): ExitCode {
    return this.#failures.exitCode;
  }

  add(result: DownloadResult): void {
    const { json, quiet, verbose, receipt } = this.#options;
    receipt?.add(result);
    if (json) this.#print(jsonLine(resultObject(result), this.#terminal.stdout.isTerminal));
    if (result.outcome === 'failed') this.#failed(result);
    else if (!json && !quiet)
      this.#print(`${this.#terminal.shown(result.name)} ${SENTENCES[result.outcome]}`);
    if (verbose && result.outcome !== 'failed') this.#terminal.say(details(result));
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

  #failed({ name, error, code }: DownloadResult): void {
    if (code === 'ABORTED') return;
    const exitCode = exitCodeOf(error);
    if (!this.#options.session || exitCode !== EXIT.notOnServer) return this.#failures.ofImage(name, error);
    this.#failures.count(exitCode);
    this.#print(MISSING);
  }

  #print(line: string): void {
    void this.#terminal.print(`${line}\n`);
  }
}

const SENTENCES = {
  downloaded: 'successfully downloaded.',
  identical: 'is already here, identical.',
} as const;

function resultObject(result: DownloadResult): object {
  const {
    name,
    outcome,
    code = null,
    size = null,
    sha256 = null,
    bytesReceived,
    resumedFrom,
    attempts,
  } = result;
  return { name, outcome, code, size, sha256, bytesReceived, resumedFrom, attempts };
}

function details({ name, size, sha256, bytesReceived, resumedFrom, attempts }: DownloadResult): string {
  const parts = [`${formatSize(size ?? 0)}, ${formatSize(bytesReceived)} received`];
  if (resumedFrom > 0) parts.push(`resumed from byte ${resumedFrom}`);
  if (attempts > 1) parts.push(`${attempts} attempts`);
  if (sha256 !== undefined) parts.push(`SHA-256 ${sha256}`);
  return `${name}: ${parts.join(', ')}`;
}
