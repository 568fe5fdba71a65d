import { createInterface, type Interface } from 'node:readline';
import type { Answers, Completer } from './answers';

/** Answers of a person at a terminal, who edits them, has the earlier ones at hand, and completes them with Tab. */
export class LineEditor implements Answers {
  readonly isTerminal = true;
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WritableStream;
  readonly #signal: AbortSignal;
  /** Earlier answers to each question, the last one first. */
  readonly #histories = new Map<string, string[]>();
  /** Lines that came together with the one before. */
  readonly #lines: string[] = [];
  /** What was typed behind them. */
  #rest = '';
  #isEnded = false;

  /** Once `signal` is given there is no further answer. */
  constructor(input: NodeJS.ReadStream, output: NodeJS.WritableStream, signal: AbortSignal) {
    this.#input = input;
    this.#output = output;
    this.#signal = signal;
  }

  async answer(prompt: string, complete?: Completer): Promise<string | undefined> {
    const early = this.#signal.aborted ? undefined : this.#lines.shift();
    if (early !== undefined) {
      this.#output.write(`${prompt}${early}\n`);
      return early;
    }
    if (!this.#signal.aborted && !this.#isEnded) return this.#edited(prompt, complete);
    this.#output.write(prompt);
    return undefined;
  }

  close(): void {
    this.#input.pause();
    this.#input.unref?.();
  }

  /** The terminal is in the editor's hands only during a question: in between, Ctrl-C works as everywhere. */
  async #edited(prompt: string, complete: Completer | undefined): Promise<string | undefined> {
    const editor = createInterface({
      input: this.#input,
      output: this.#output,
      terminal: true,
      prompt,
      history: [...(this.#histories.get(prompt) ?? [])],
      removeHistoryDuplicates: true,
      completer: complete && completerFor(complete),
    });
    editor.on('history', (history: string[]) => this.#histories.set(prompt, [...history]));
    editor.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const line = this.#lineOf(editor);
    editor.prompt();
    if (this.#rest !== '') editor.write(this.#rest);
    return line;
  }

  /** The first line of what comes; undefined at the end. Whatever comes together with it is kept for later questions. */
  #lineOf(editor: Interface): Promise<string | undefined> {
    return new Promise((resolve) => {
      const came: string[] = [];
      const end = () => {
        this.#signal.removeEventListener('abort', end);
        editor.off('close', closed);
        this.#rest = editor.line;
        editor.close();
        const [first, ...others] = came;
        this.#lines.push(...others);
        resolve(first);
      };
      const closed = () => {
        this.#isEnded = true;
        end();
      };
      // What was pasted comes in one piece: all of it has been read then.
      editor.on('line', (line) => came.push(line) === 1 && setImmediate(end));
      editor.on('close', closed);
      this.#signal.addEventListener('abort', end, { once: true });
    });
  }
}

/** The whole line is completed: names have spaces. */
function completerFor(complete: Completer) {
  return (line: string, done: (error: null, found: [string[], string]) => void) =>
    void complete(line).then((found) => done(null, [[...found], line]));
}
