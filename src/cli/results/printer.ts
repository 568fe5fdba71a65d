import { resolve } from 'node:path';
import type { DownloadResult, DownloadSummary, SyncResult } from '../../index';
import { jsonLine } from '../terminal/json-line';
import { formatElapsed, formatSize } from '../terminal/quantity';
import type { Terminal } from '../terminal/terminal';
import { combine, type ExitCode } from './exit-code';
import { exitCodeOf, explain, explainOnWhat } from './explain';
import type { ReportFile } from './report-file';

export interface PrinterOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Takes the results, too. */
  readonly reportFile?: Pick<ReportFile, 'add' | 'unreadable'> | undefined;
}

/** Prints what became of each image of a batch, and keeps the exit code for all of them. */
export abstract class Printer<Options extends PrinterOptions = PrinterOptions> {
  protected readonly terminal: Terminal;
  protected readonly options: Options;
  readonly #codes = new Set<ExitCode>();
  readonly #printed = new WeakSet<object>();
  readonly #start = process.uptime(); // `performance` would be loaded first

  constructor(terminal: Terminal, options: Options) {
    this.terminal = terminal;
    this.options = options;
  }

  get exitCode(): ExitCode {
    return combine(this.#codes);
  }

  /** The server can't read so much of what was asked for. */
  unreadable(count: number): void {
    const { json, quiet, reportFile } = this.options;
    reportFile?.unreadable(count);
    if (count > 0 && json) this.printJson({ unreadable: count });
    if (!quiet) tellUnreadable(this.terminal, count);
  }

  /** Something failed that is not about one image. */
  fail(error: unknown): void {
    if (this.#isNew(error)) this.terminal.fail(`reso: ${explainOnWhat(error)}`);
  }

  /** An error that stops all further images is the same object for each of them, and is said once. */
  protected failImage(name: string, error: unknown): void {
    if (this.#isNew(error)) this.terminal.fail(`${name}: ${explain(error)}`);
  }

  /** For the exit code only. */
  protected count(code: ExitCode): void {
    this.#codes.add(code);
  }

  /** `bytes` that were received, checked or the like since the start, how long that took, and how fast it went. */
  protected timed(bytes: number, done: string): string {
    const seconds = process.uptime() - this.#start;
    const speed = bytes > 0 && seconds > 0 ? `, ${formatSize(bytes / seconds)}/s` : '';
    return `${formatSize(bytes)} ${done} in ${formatElapsed(seconds)}${speed}`;
  }

  /** A mistyped --exclude would bring what was not wanted without a word. */
  protected sayUnused(excludes: readonly string[]): void {
    for (const glob of excludes) this.terminal.say(`reso: --exclude '${glob}' left nothing out.`);
  }

  protected print(line: string): void {
    void this.terminal.print(`${line}\n`);
  }

  protected printJson(object: object): void {
    this.print(jsonLine(object, this.terminal.stdout.isTerminal));
  }

  #isNew(error: unknown): boolean {
    this.count(exitCodeOf(error));
    if (!(error instanceof Error)) return true;
    if (this.#printed.has(error)) return false;
    this.#printed.add(error);
    return true;
  }
}

/** Bytes that results did not have to receive again. */
export class Resumed {
  #bytes = 0;

  add({ outcome, resumedFrom }: Pick<SyncResult, 'outcome' | 'resumedFrom'>): void {
    if (outcome === 'downloaded') this.#bytes += resumedFrom;
  }

  /** For the end of a summary; nothing if there are none. */
  toString(): string {
    return this.#bytes > 0 ? `, ${formatSize(this.#bytes)} resumed` : '';
  }
}

/** What `--json` prints of a download into `folder`, in the order of its keys. */
export function downloadObject(
  result: DownloadResult | SyncResult,
  { folder, dryRun }: { readonly folder: string; readonly dryRun: boolean },
): object {
  const { name, outcome, error, code = null, size = null, sha256 = null } = result;
  const { bytesReceived, resumedFrom, attempts } = result;
  const isHere = outcome === (dryRun ? 'deleted' : 'downloaded') || LEFT_ALONE.has(outcome);
  return {
    ...{ name, outcome, code, size, sha256, bytesReceived, resumedFrom, attempts },
    ...(dryRun && { dryRun }),
    message: messageOf(error),
    path: isHere ? resolve(folder, name) : null,
  };
}

const LEFT_ALONE: ReadonlySet<string> = new Set(['identical', 'kept']);

/** What a person is told of an error, for `--json`. */
export function messageOf(error: unknown): string | null {
  return error === undefined ? null : explain(error);
}

export function countDownloads({ downloaded, replaced }: DownloadSummary): string {
  return replaced > 0 ? `${downloaded} downloaded (${replaced} replaced)` : `${downloaded} downloaded`;
}

/** The server can't read some of what was asked for: that is no failure, but not all of it either. */
export function tellUnreadable(terminal: Pick<Terminal, 'say'>, count: number): void {
  if (count === 0) return;
  const what = count === 1 ? '1 image or folder' : `${count} images or folders`;
  const them = count === 1 ? 'it is' : 'they are';
  terminal.say(
    `reso: the server can't read ${what} of what was asked for: ${them} left out. Its log names some.`,
  );
}
