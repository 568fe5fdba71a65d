import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Command } from './command';
import { onTearDown } from './tear-down';

const KEPT = 2000;

/** A process that we started as the leader of its own group: what it starts ends with it. */
export class Running {
  readonly pid: number;
  /** The exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  #stderr = '';
  #alive = true;

  constructor({ program, args }: Command, env = cleanEnvironment()) {
    // Not a pipe: if stdin is a socket, rsync assumes that inetd started it.
    const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (this.#stderr = `${this.#stderr}${text}`.slice(-KEPT)));
    this.ended = this.#watch(child);
    this.pid = child.pid ?? 0;
    onTearDown(() => this.#kill('SIGKILL'));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** The end of its stderr. */
  get stderr(): string {
    return this.#stderr.trim();
  }

  async stop(graceMs = 5000): Promise<void> {
    this.#kill('SIGTERM');
    const waiting = new AbortController();
    await Promise.race([this.ended, sleep(graceMs, undefined, waiting).catch(() => {})]);
    waiting.abort();
    this.#kill('SIGKILL');
    await this.ended;
  }

  #watch(child: ChildProcess): Promise<number | null> {
    return new Promise((resolve, reject) => {
      child.on('error', (error) => {
        this.#alive = false;
        reject(error);
      });
      child.on('exit', (code) => {
        this.#alive = false;
        resolve(code);
      });
    });
  }

  #kill(signal: NodeJS.Signals): void {
    if (!this.#alive || this.pid === 0) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // It has just ended, and the event is still to come.
    }
  }
}

/** Without personal settings: no curlrc, proxies or RESO_ variables of the user. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env;
  return { PATH, TMPDIR, LC_ALL: 'C.UTF-8', HOME: '/nonexistent' };
}
