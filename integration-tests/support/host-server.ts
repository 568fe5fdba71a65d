import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { neutralEnvironment } from './run-command';
import { waitUntil } from './wait-until';

export interface HostServerOptions {
  readonly options?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** `reso serve` on this machine, on a port that was free. */
export class HostServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly port: number;
  readonly #log: () => string;

  private constructor(child: ChildProcess, port: number, log: () => string) {
    this.#child = child;
    this.port = port;
    this.#log = log;
  }

  /** `program`: the built command line; `state`: folder for what the server remembers. */
  static async start(
    program: string,
    images: string,
    state: string,
    { options = [], environment = {} }: HostServerOptions = {},
  ): Promise<HostServer> {
    const args = [program, 'serve', images, '--host', '127.0.0.1', '--port', '0', '--state', state];
    const child = spawn(process.execPath, [...args, ...options], {
      env: { ...neutralEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let logged = '';
    child.stdout.on('data', (bytes: Buffer) => void (said += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => void (logged += bytes.toString()));
    const port = await waitUntil('the server runs', () => /^Running on port: (\d+)$/m.exec(said)?.[1]);
    return new HostServer(child, Number(port), () => logged);
  }

  /** What it has written to stderr so far. */
  get log(): string {
    return this.#log();
  }

  /** Ends it as an operator would; resolves to its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) {
      this.#child.kill();
      await once(this.#child, 'close');
    }
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
