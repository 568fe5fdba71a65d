import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder of a test's own, which goes with it. */
export class Scratch implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Scratch> {
    const path = await mkdtemp(join(tmpdir(), 'reso-integration-'));
    await chmod(path, 0o755);
    return new Scratch(path);
  }

  /** A new folder in it, readable by every user, as the server's in its container is another. */
  async folder(name: string): Promise<string> {
    const path = join(this.path, name);
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
