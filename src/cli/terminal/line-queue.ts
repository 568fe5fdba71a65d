import { StringDecoder } from 'node:string_decoder';
import type { Answers } from './answers';
import type { Output } from './output';

/** Lines of an input, kept until somebody asks for them: with piped input they come before the question. */
export class LineQueue implements Answers {
  readonly #input: NodeJS.ReadStream;
  readonly #signal: AbortSignal;
  readonly #output: Output;
  readonly #decoder = new StringDecoder('utf8');
  readonly #lines: string[] = [];
  #rest = '';
  #ended = false;
  #started = false;
  #wake: () => void = () => undefined;

  /** Once `signal` is given the queue is at its end. */
  constructor(input: NodeJS.ReadStream, signal: AbortSignal, output: Output) {
    this.#input = input;
    this.#output = output;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  get isTerminal(): boolean {
    return this.#input.isTTY === true;
  }

  async answer(prompt: string): Promise<string | undefined> {
    await this.#output.write(prompt);
    this.#start();
    while (this.#lines.length === 0 && !this.#ended && !this.#signal.aborted) await this.#more();
    return this.#signal.aborted ? undefined : this.#lines.shift();
  }

  close(): void {
    if (!this.#started) return;
    this.#input.removeAllListeners();
    this.#input.pause();
    this.#input.unref?.();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => void (this.#wake = resolve));
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#input.on('data', (chunk: Buffer | string) => this.#take(this.#decoder.write(Buffer.from(chunk))));
    this.#input.on('end', () => this.#end());
    this.#input.on('error', () => this.#end());
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    this.#lines.push(...lines.map((line) => line.replace(/\r$/, '')));
    this.#wake();
  }

  #end(): void {
    if (this.#rest !== '') this.#take('\n');
    this.#ended = true;
    this.#wake();
  }
}
