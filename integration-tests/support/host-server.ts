import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { neutralEnvironment } from './run-command';
import { waitUntil } from './wait-until';

/** `reso serve` on this machine, on a port that was free. */
export class HostServer implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** `program`: the built command line; `state`: folder for what the server remembers. */
  static async start(program: string, images: string, state: string): Promise<HostServer> {
    const args = [program, 'serve', images, '--host', '127.0.0.1', '--port', '0', '--state', state];
    const child = spawn(process.execPath, args, {
      env: neutralEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => void (said += bytes.toString()));
    const port = await waitUntil('the server runs', () => /^Running on port: (\d+)$/m.exec(said)?.[1]);
    return new HostServer(child, Number(port));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}
