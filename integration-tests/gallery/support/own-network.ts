import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SET_UP = 'ip link set lo up && echo ready && exec sleep infinity';

/**
 * A network namespace with nothing but a loopback interface. Chromium drops its connections whenever an interface of its
 * network comes or goes, as they do while other tests start containers.
 */
export class OwnNetwork implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #isReady: boolean;

  private constructor(child: ChildProcess, isReady: boolean) {
    this.#child = child;
    this.#isReady = isReady;
  }

  /** Only root may make one: for others it is the network of this machine. */
  static async start(): Promise<OwnNetwork> {
    const child = spawn('unshare', ['--net', 'sh', '-c', SET_UP], { stdio: ['ignore', 'pipe', 'ignore'] });
    const isReady = await Promise.race([
      once(child.stdout, 'data').then(() => true),
      once(child, 'close').then(() => false),
      once(child, 'error').then(() => false),
    ]);
    return new OwnNetwork(child, isReady);
  }

  /** What to write before a command so that it runs in this network. */
  get prefix(): string[] {
    return this.#isReady ? ['nsenter', `--net=/proc/${this.#child.pid}/ns/net`, '--'] : [];
  }

  /** Makes a program of a folder's own that runs `program` in this network; resolves to its path. */
  async wrap(program: string, folder: string): Promise<string> {
    const path = join(folder, 'in-own-network');
    await writeFile(path, `#!/bin/sh\nexec ${[...this.prefix, program].join(' ')} "$@"\n`);
    await chmod(path, 0o755);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isReady || this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'close');
  }
}
