import type { StartedTestContainer } from 'testcontainers';
import { exitCodeOf, rawContainer } from './engine';
import { screenOf } from './screen';
import { waitUntil } from './wait-until';

/** Somebody who sits at the terminal of a container that was started with one. */
export class Person {
  readonly #container: StartedTestContainer;
  readonly #terminal: NodeJS.ReadWriteStream;
  #output = '';

  private constructor(container: StartedTestContainer, terminal: NodeJS.ReadWriteStream) {
    this.#container = container;
    this.#terminal = terminal;
    terminal.on('data', (bytes: Buffer) => void (this.#output += bytes.toString()));
  }

  static async at(container: StartedTestContainer): Promise<Person> {
    const raw = await rawContainer(container);
    const options = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true, logs: true };
    return new Person(container, await raw.attach(options));
  }

  /** The lines on the screen. */
  get screen(): string[] {
    return screenOf(this.#output);
  }

  /** Waits until the line where the cursor is reads so. */
  async isAsked(question: string): Promise<void> {
    await this.#sees(`"${question}" and nothing behind it`, (screen) => screen.at(-1) === question.trimEnd());
  }

  /** Waits for the question, then types an answer and Enter. */
  async answers(question: string, answer: string): Promise<void> {
    await this.isAsked(question);
    this.#terminal.write(`${answer}\n`);
  }

  async reads(line: string): Promise<void> {
    await this.#sees(`the line "${line}"`, (screen) => screen.includes(line));
  }

  async pressesCtrlC(): Promise<void> {
    this.#terminal.write('\x03');
  }

  /** Waits for the program to end; resolves to its exit code. */
  async leaves(): Promise<number> {
    return exitCodeOf(this.#container);
  }

  async #sees(what: string, look: (screen: string[]) => boolean): Promise<void> {
    await waitUntil(what, () => look(this.screen), { atMost: 20_000 }).catch((cause: unknown) => {
      throw new Error(`The screen does not show ${what}:\n${this.screen.join('\n')}`, { cause });
    });
  }
}
