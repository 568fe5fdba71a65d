import { UsageError } from '../../errors';
import type { Parser } from '../settings/parse';
import type { LineQueue } from './line-queue';
import type { Terminal } from './terminal';

/** Asks on stdout, and takes answers from stdin. Every answer is undefined at the end of the input. */
export class Questions {
  readonly #lines: LineQueue;
  readonly #terminal: Terminal;

  constructor(lines: LineQueue, terminal: Terminal) {
    this.#lines = lines;
    this.#terminal = terminal;
  }

  async ask(question: string): Promise<string | undefined> {
    await this.#terminal.print(`${question} --> `);
    const answer = await this.#lines.next();
    // Only a person's own Enter ends the line of the question.
    if (answer === undefined || !this.#lines.isTerminal) await this.#terminal.print('\n');
    return answer;
  }

  /** Asks a person until the answer makes sense. A program would send the same again: throws USAGE. */
  async askFor<T>(question: string, parse: Parser<T>, ifEmpty: T): Promise<T | undefined> {
    for (;;) {
      const answer = (await this.ask(question))?.trim();
      if (answer === undefined) return undefined;
      if (answer === '') return ifEmpty;
      const value = this.#parse(parse, answer);
      if (value !== undefined) return value;
    }
  }

  close(): void {
    this.#lines.close();
  }

  #parse<T>(parse: Parser<T>, answer: string): T | undefined {
    try {
      return parse(answer);
    } catch (cause) {
      if (!(cause instanceof UsageError)) throw cause;
      const message = `The answer ${cause.message}.`;
      if (!this.#lines.isTerminal) throw new UsageError(message, { cause });
      this.#terminal.say(message);
      return undefined;
    }
  }
}
