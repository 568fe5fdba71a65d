import type { ErrorCode, ResoError, SyncResult, SyncSummary } from '../../index';
import type { Terminal } from '../terminal/terminal';
import { explain } from './explain';
import { SyncPrinter, type SyncPrinterOptions } from './sync-printer';

/** Errors that say that the server is away, or the way to it. */
const AWAY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'UNREACHABLE',
  'DISCONNECTED',
  'TIMEOUT',
  'CLOSING',
  'UNAVAILABLE',
]);

/**
 * Prints what the syncs of `sync --follow` did: one summary for each that did something. What lasts from one sync to the
 * next is said once.
 */
export class FollowPrinter {
  readonly #terminal: Terminal;
  readonly #options: Omit<SyncPrinterOptions, 'reportFile'>;
  #printer: SyncPrinter;
  #isFirst = true;
  /** What was said of images that failed or were kept, by their names: in the last complete sync, and in this one. */
  #before = new Map<string, string>();
  #now = new Map<string, string>();
  #hasNews = false;
  #isAway = false;
  /** What was said of the last sync as a whole, and of this one. */
  #troubleBefore: string | undefined;
  #trouble: string | undefined;

  constructor(terminal: Terminal, options: Omit<SyncPrinterOptions, 'reportFile'>) {
    this.#terminal = terminal;
    this.#options = options;
    this.#printer = new SyncPrinter(terminal, this.#options);
  }

  begin(): void {
    this.#printer = new SyncPrinter(this.#terminal, this.#options);
    this.#now = new Map();
    this.#troubleBefore = this.#trouble;
    this.#trouble = undefined;
    this.#hasNews = this.#isFirst;
  }

  add(result: SyncResult): void {
    if (!this.#isNews(result)) return;
    this.#hasNews = true;
    this.#printer.add(result);
  }

  #isNews({ name, outcome, error }: SyncResult): boolean {
    if (outcome === 'identical') return this.#isFirst;
    if (error === undefined) return true;
    if (error.code === 'ABORTED') return false;
    const said = explain(error);
    this.#now.set(name, said);
    return this.#before.get(name) !== said;
  }

  /** A sync is complete. */
  end(summary: SyncSummary, address: string): void {
    const { quiet } = this.#options;
    if (this.#isAway && !quiet) this.#terminal.say(`${address} is back.`);
    this.#isAway = false;
    this.#before = this.#now;
    if (!this.#hasNews) return;
    this.#printer.totals(this.#isFirst ? summary : { ...summary, unreadable: 0, unusedExcludes: [] });
    if (this.#isFirst && !quiet) this.#terminal.say(`Waiting for changes on ${address}.`);
    this.#isFirst = false;
  }

  /** Says once that the server is away. False if `error` means something else. */
  isAway({ code, image, message }: ResoError): boolean {
    if (!AWAY.has(code) || image !== undefined) return false;
    if (!this.#isAway && !this.#options.quiet) this.#terminal.say(`${message} Waiting for it to come back.`);
    this.#isAway = true;
    return true;
  }

  /** Something that may pass, and is not about one image. */
  trouble(error: ResoError): void {
    const said = explain(error);
    if (said !== this.#troubleBefore) this.#terminal.fail(`reso: ${said}`);
    this.#trouble = said;
  }
}
