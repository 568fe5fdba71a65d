import { escapeForDisplay } from '../../names';
import { standardError, standardOutput, type Output } from './output';

const CLEAR_LINE = '\r\x1b[2K';
const CLEAR_REST = '\x1b[K';

/** Results on stdout, messages on stderr, and below both one line that is written over again and again. */
export class Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  #hasStatus = false;

  constructor(stdout = standardOutput(), stderr = standardError()) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** A name as it may go to stdout: as it is for programs, made visible for people. */
  shown(name: string): string {
    return this.stdout.isTerminal ? escapeForDisplay(name) : name;
  }

  /** A line of results, or a part of one. */
  print(text: string): Promise<void> {
    this.clearStatus();
    return this.stdout.write(text);
  }

  /** A message for people. */
  say(message: string): void {
    this.clearStatus();
    void this.stderr.write(`${escapeForDisplay(message)}\n`);
  }

  /** In one write, so that it does not flicker. */
  showStatus(line: string): void {
    this.#hasStatus = true;
    void this.stderr.write(`\r${line}${CLEAR_REST}`);
  }

  clearStatus(): void {
    if (!this.#hasStatus) return;
    this.#hasStatus = false;
    void this.stderr.write(CLEAR_LINE);
  }

  async flush(): Promise<void> {
    await Promise.all([this.stdout.flush(), this.stderr.flush()]);
  }
}
