import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { neutralEnvironment } from './run-command';
import { waitUntil } from './wait-until';

export interface HostServerOptions {
  readonly options?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What stands before the command, such as `nsenter …`. */
  readonly prefix?: readonly string[];
}

const PORT_LINE = /^Running on port: (\d+)$/m;

/** `reso serve` on this machine, on a port that was free. */
export class HostServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly port: number;
  /** Where it shows its images; undefined without HTTP. */
  readonly gallery: string | undefined;
  readonly #log: () => string;

  private constructor(child: ChildProcess, said: string, log: () => string) {
    this.#child = child;
    this.port = Number(PORT_LINE.exec(said)![1]);
    this.gallery = /^Gallery: (\S+)$/m.exec(said)?.[1];
    this.#log = log;
  }

  /** `program`: the built command line; `state`: folder for what the server remembers. */
  static async start(
    program: string,
    images: string,
    state: string,
    { options = [], environment = {}, prefix = [] }: HostServerOptions = {},
  ): Promise<HostServer> {
    const args = [program, 'serve', images, '--host', '127.0.0.1', '--port', '0', '--state', state];
    const [command, ...rest] = [...prefix, process.execPath, ...args, ...options];
    const child = spawn(command!, rest, {
      env: { ...neutralEnvironment(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let logged = '';
    child.stdout.on('data', (bytes: Buffer) => void (said += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => void (logged += bytes.toString()));
    const isGalleryWanted = options.includes('--http-port');
    const runs = () => PORT_LINE.test(said) && (!isGalleryWanted || /^Gallery: .*\n/m.test(said));
    await waitUntil('the server runs', runs);
    return new HostServer(child, said, () => logged);
  }

  /** What it has written to stderr so far. */
  get log(): string {
    return this.#log();
  }

  /** Ends it as an operator would; resolves to its exit code, or null if the signal ended it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill(signal);
      await once(this.#child, 'close');
    }
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
