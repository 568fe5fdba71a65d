import { spawn } from 'node:child_process';
import { onTearDown } from '../../bench/process/tear-down';

/** A client process that is killed or runs to its end. */
export class ClientRun {
  /** The exit code; null if it was killed. */
  readonly ended: Promise<number | null>;
  readonly #kill: () => void;

  constructor(program: string, port: number, ...args: string[]) {
    const child = spawn(process.execPath, [program, ...args, '-q', '-s', `127.0.0.1:${port}`], {
      env: { PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
    this.#kill = () => void child.kill('SIGKILL');
    onTearDown(this.#kill);
    this.ended = new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  }

  /** True if it was still running. */
  async kill(): Promise<boolean> {
    this.#kill();
    return (await this.ended) === null;
  }
}
