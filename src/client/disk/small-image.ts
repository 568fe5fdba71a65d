import { createHash } from 'node:crypto';
import { release } from '../../connection';
import { systemCode, type ResoError } from '../../errors';
import { removeFile, renameFile, writeNewFile, type NewFile } from '../../files';
import { diskError } from './disk-errors';
import type { Incoming } from './incoming';
import type { PartialNote } from './partial-note';
import type { Range } from './ranges';
import type { WorkFolder } from './work-folder';

/**
 * An image that is too small to resume: it is kept in memory until it is complete and verified, and then written in one
 * go.
 */
export class SmallImage implements Incoming {
  readonly #work: WorkFolder;
  readonly note: PartialNote;
  #buffers: Buffer[] = [];
  length = 0;
  readonly error: ResoError | undefined = undefined;
  onWaiting: (bytes: number) => void = () => undefined;
  onWritten: (bytes: number) => void = () => undefined;

  constructor(work: WorkFolder, note: PartialNote) {
    this.#work = work;
    this.note = note;
  }

  get present(): number {
    return this.length;
  }

  get gap(): Range {
    return { start: this.length, end: this.note.size };
  }

  closeGap(): Promise<void> {
    return Promise.resolve();
  }

  append(bytes: Buffer): void {
    this.length += bytes.length;
    this.#buffers.push(bytes);
  }

  digest(): Promise<string> {
    return Promise.resolve(this.#hash());
  }

  #hash(): string {
    const hash = createHash('sha256');
    for (const bytes of this.#buffers) hash.update(bytes);
    return hash.digest('hex');
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  async commit(target: string, durable = false): Promise<void> {
    // Only now: what is still to come needs the connection, which these bytes must not hold up.
    this.onWaiting(this.length);
    try {
      await this.#put(await this.#work.visit(), target, durable);
    } catch (cause) {
      throw diskError(cause, this.note.name);
    } finally {
      this.#release();
      this.onWritten(this.length);
    }
  }

  async #put(owner: string, target: string, durable: boolean): Promise<void> {
    const { length, note } = this;
    const file = { buffers: this.#buffers, length, mtime: note.mtime, durable };
    try {
      await this.#write(owner, file, target);
    } catch (cause) {
      if (systemCode(cause) !== 'ENOENT') throw cause;
      // Another process took the part for a dead one's, or removed the empty folder.
      const { id } = await this.#work.enter();
      await this.#work.make();
      await this.#write(id, file, target);
    }
  }

  async #write(owner: string, file: NewFile, target: string): Promise<void> {
    const part = this.#work.newPart(owner);
    await writeNewFile(part, file);
    try {
      await renameFile(part, target);
    } catch (cause) {
      await removeFile(part).catch(() => undefined);
      throw cause;
    }
  }

  keep(): Promise<void> {
    return this.discard();
  }

  discard(): Promise<void> {
    this.#release();
    return Promise.resolve();
  }

  #release(): void {
    for (const bytes of this.#buffers) release(bytes);
    this.#buffers = [];
  }
}
