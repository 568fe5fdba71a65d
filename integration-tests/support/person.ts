import type { StartedTestContainer } from 'testcontainers';
import { exitCodeOf } from './engine';
import type { HardenedContainer, HardenedServer } from './hardened-container';
import { screenOf } from './screen';
import { waitUntil } from './wait-until';
import { WithoutWaiting } from './without-waiting';

/** Somebody who starts a container at a terminal and stays there until it is stopped. */
export class Person implements AsyncDisposable {
  #container: StartedTestContainer | undefined;
  #terminal: NodeJS.ReadWriteStream | undefined;
  #output = '';

  static async starts(container: HardenedContainer | HardenedServer): Promise<Person> {
    const person = new Person();
    container.withTerminal((terminal) => person.#sitsAt(terminal)).withWaitStrategy(new WithoutWaiting());
    person.#container = await container.start();
    return person;
  }

  #sitsAt(terminal: NodeJS.ReadWriteStream): void {
    this.#terminal = terminal;
    terminal.on('data', (bytes: Buffer) => void (this.#output += bytes.toString()));
  }

  get container(): StartedTestContainer {
    return this.#container!;
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
    this.#terminal!.write(`${answer}\n`);
  }

  async reads(line: string): Promise<void> {
    await this.#sees(`the line "${line}"`, (screen) => screen.includes(line));
  }

  async pressesCtrlC(): Promise<void> {
    this.#terminal!.write('\x03');
  }

  /** Waits for the program to end; resolves to its exit code. */
  async leaves(): Promise<number> {
    return exitCodeOf(this.container);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container.stop();
  }

  async #sees(what: string, look: (screen: string[]) => boolean): Promise<void> {
    await waitUntil(what, () => look(this.screen)).catch((cause: unknown) => {
      throw new Error(`The screen does not show ${what}:\n${this.screen.join('\n')}`, { cause });
    });
  }
}
