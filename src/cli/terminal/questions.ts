import { UsageError } from '../../errors';
import type { Parser } from '../settings/parse';
import type { Answers, Completer } from './answers';
import type * as Editors from './line-editor';
import { LineQueue } from './line-queue';
import type { Terminal } from './terminal';

/** Asks on stdout, and takes answers from stdin. Every answer is undefined at the end of the input. */
export class Questions {
  readonly #answers: Answers;
  readonly #terminal: Terminal;

  constructor(answers: Answers, terminal: Terminal) {
    this.#answers = answers;
    this.#terminal = terminal;
  }

  /** Answers of a person can be edited where the terminal can do that. */
  static open(terminal: Terminal, signal: AbortSignal): Questions {
    const { stdin } = process;
    if (!stdin.isTTY || !terminal.canEdit)
      return new Questions(new LineQueue(stdin, signal, terminal.stdout), terminal);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it loads readline
    const { LineEditor } = require('./line-editor') as typeof Editors;
    return new Questions(new LineEditor(stdin, process.stdout, signal), terminal);
  }

  /** Whether a person answers. */
  get isTerminal(): boolean {
    return this.#answers.isTerminal;
  }

  /** The answer, without spaces around it. */
  async ask(question: string, complete?: Completer): Promise<string | undefined> {
    const answer = await this.#answers.answer(`${question} --> `, complete);
    // Only a person's own Enter ends the line of the question.
    if (answer === undefined || !this.#answers.isTerminal) await this.#terminal.print('\n');
    return answer?.trim();
  }

  /** Asks a person until the answer makes sense. A program would send the same again: throws USAGE. */
  async askFor<T>(question: string, parse: Parser<T>, ifEmpty: T): Promise<T | undefined> {
    for (;;) {
      const answer = await this.ask(question);
      if (answer === undefined) return undefined;
      if (answer === '') return ifEmpty;
      const value = this.#parse(parse, answer);
      if (value !== undefined) return value;
    }
  }

  close(): void {
    this.#answers.close();
  }

  #parse<T>(parse: Parser<T>, answer: string): T | undefined {
    try {
      return parse(answer);
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      const message = `The answer ${cause.message}.`;
      if (!this.#answers.isTerminal) throw new UsageError(message, { cause });
      this.#terminal.say(message);
      return undefined;
    }
  }
}
