import { combine, type ExitCode } from './exit-code';
import { exitCodeOf, explain, explainOnWhat } from './explain';
import type { Terminal } from '../terminal/terminal';

/** Says what failed in a batch, and keeps the exit code for all of it. */
export class Failures {
  readonly #terminal: Terminal;
  readonly #codes = new Set<ExitCode>();
  readonly #said = new WeakSet<object>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get exitCode(): ExitCode {
    return combine(this.#codes);
  }

  /** What all further images fail for is one error, and said once. */
  ofImage(name: string, error: unknown): void {
    if (this.#isNew(error)) this.#terminal.say(`${name}: ${explain(error)}`);
  }

  /** Something failed that is not about one image. */
  ofAll(error: unknown): void {
    if (this.#isNew(error)) this.#terminal.say(`reso: ${explainOnWhat(error)}`);
  }

  #isNew(error: unknown): boolean {
    this.count(exitCodeOf(error));
    if (!(error instanceof Error)) return true;
    if (this.#said.has(error)) return false;
    this.#said.add(error);
    return true;
  }

  /** Of what is said elsewhere. */
  count(code: ExitCode): void {
    this.#codes.add(code);
  }
}

/** A mistyped --exclude would bring what was not wanted without a word. */
export function sayUnused(terminal: Terminal, excludes: readonly string[]): void {
  for (const glob of excludes) terminal.say(`reso: --exclude '${glob}' left nothing out.`);
}
