import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { anonymousMemory } from '../../bench/process/memory';
import { onTearDown } from '../../bench/process/tear-down';
import type { Endpoint } from '../load/endpoint';
import { descriptorsOf, type Descriptors } from './descriptors';
import { until } from './until';

const HOST = '127.0.0.1';
/** Loopback addresses to connect from: a single one has too few ports for the connections of several proofs. */
const SOURCES = Array.from({ length: 32 }, (_, i) => `127.0.1.${i + 1}`);

export interface ServedOptions {
  readonly program: string;
  /** Folder of images, or a URL of S3. */
  readonly images: string;
  /** Folder for the server's own files. */
  readonly folder: string;
  /** TCP port; default: a free one. */
  readonly port?: number;
  readonly args?: readonly string[];
  /** Variables beside those that every program needs. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** `reso serve` on this machine, and what the kernel reports about it. */
export class Served {
  readonly endpoint: Endpoint;
  /** Where it speaks HTTP. */
  readonly web: Endpoint;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #collected: string;
  readonly #said: { text: string };

  private constructor(
    child: ChildProcess,
    [port, webPort]: readonly [number, number],
    collected: string,
    said: { text: string },
  ) {
    this.#child = child;
    this.#collected = collected;
    this.#said = said;
    this.pid = child.pid!;
    this.endpoint = { host: HOST, port, sources: SOURCES };
    this.web = { host: HOST, port: webPort, sources: SOURCES };
  }

  static async start(options: ServedOptions): Promise<Served> {
    const { program, images, folder, port = 0, args = [], environment } = options;
    const collected = join(folder, 'collected');
    const child = spawn(
      process.execPath,
      [
        ...['--expose-gc', '--require', join(__dirname, 'collect.js'), program, 'serve', images],
        ...['--host', HOST, '--port', String(port), '--http-port', '0'],
        ...['--state', join(folder, 'state'), ...args],
      ],
      {
        env: { PATH: process.env['PATH'], HOME: folder, PROOF_COLLECTED: collected, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    onTearDown(() => child.kill('SIGKILL'));
    const said = { text: '' };
    let announced = '';
    child.stdout.on('data', (bytes: Buffer) => void (announced += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => keepFaults(said, bytes.toString()));
    const portOf = () => /^Running on port: (\d+)$/m.exec(announced)?.[1];
    await until('the server runs', () => portOf() !== undefined || child.exitCode !== null);
    if (portOf() === undefined) throw new Error(`the server exited: ${said.text}`);
    const [, webPort = 0] = /^Gallery: http:.*:(\d+)\/$/m.exec(announced) ?? [];
    return new Served(child, [Number(portOf()), Number(webPort)], collected, said);
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Its log lines about internal errors. */
  get faults(): string {
    return this.#said.text;
  }

  /** Bytes of anonymous resident memory. */
  get memory(): number {
    return anonymousMemory(this.pid);
  }

  get descriptors(): Descriptors {
    return descriptorsOf(this.pid);
  }

  /** Bytes of its heap and buffers in use after garbage collection. */
  async collect(): Promise<number> {
    rmSync(this.#collected, { force: true });
    process.kill(this.pid, 'SIGUSR2');
    await until('the garbage is gone', () => existsSync(this.#collected));
    return Number(readFileSync(this.#collected, 'utf8'));
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.isAlive) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }
}

const MOST_KEPT = 20_000;

/** Lines about unexpected errors; the rest is routine. */
function keepFaults(said: { text: string }, more: string): void {
  if (said.text.length > MOST_KEPT) return;
  const lines = more.split('\n').filter((line) => /internal error|INTERNAL|Error:|^\s+at /.test(line));
  said.text += lines.map((line) => `${line}\n`).join('');
}
