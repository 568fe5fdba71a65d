import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { neutralEnvironment } from './run-command';
import { waitUntil } from './wait-until';

export interface ShellSetting {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A shell on a terminal of its own, and somebody who types. */
export class ShellSession implements AsyncDisposable {
  readonly #child: ChildProcess;
  #output = '';
  #seen = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.on('data', (bytes: Buffer) => void (this.#output += bytes.toString()));
  }

  /** `command` as `sh` reads it. `script` gives it the terminal. */
  static start(command: string, { cwd, environment }: ShellSetting): ShellSession {
    const env = { ...neutralEnvironment(), TERM: 'xterm', LANG: 'C.UTF-8', COLUMNS: '200', ...environment };
    return new ShellSession(spawn('script', ['-qec', command, '/dev/null'], { cwd, env }));
  }

  types(text: string): void {
    this.#seen = this.#output.length;
    this.#child.stdin!.write(text);
  }

  /** Waits for something that came after what was typed last. */
  async sees(text: string): Promise<void> {
    const seen = () => this.#output.slice(this.#seen);
    await waitUntil(text, () => seen().includes(text)).catch((cause: unknown) => {
      throw new Error(`The screen does not show ${text}: ${JSON.stringify(seen())}`, { cause });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin!.end();
    this.#child.kill('SIGHUP');
    await once(this.#child, 'close');
  }
}
