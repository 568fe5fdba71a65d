import type { FileHandle } from 'node:fs/promises';
import { release } from '../../connection';

/** Most buffers per system call; the usual IOV_MAX is 1,024. */
const BATCH = 64;

/**
 * Writes buffers to a file in order, while more arrive, and releases them. Checks how much each write took, because a full
 * disk may take only a part without reporting an error.
 */
export class FileWriter {
  readonly #file: Promise<FileHandle>;
  readonly #onWritten: (bytes: number) => void;
  #queue: Buffer[] = [];
  #position: number;
  #queuedBytes = 0;
  #running: Promise<void> | undefined;
  #error: unknown;

  /** Writes from byte `position` on. `onWritten` is told how many bytes no longer wait: written or given up. */
  constructor(file: Promise<FileHandle>, position: number, onWritten: (bytes: number) => void) {
    this.#file = file;
    this.#position = position;
    this.#onWritten = onWritten;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get error(): unknown {
    return this.#error;
  }

  push(bytes: Buffer): void {
    if (this.#error !== undefined) return release(bytes);
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#running ??= this.#run();
  }

  /** Continues at byte `position`. Call it only when nothing is waiting. */
  goTo(position: number): void {
    this.#position = position;
  }

  /** Resolves when everything is written; rejects with the error that prevented it. */
  async flush(): Promise<void> {
    await this.#running;
    await this.#file;
    if (this.#error !== undefined) throw this.#error;
  }

  async #run(): Promise<void> {
    try {
      const file = await this.#file;
      while (this.#queue.length > 0) await this.#writeBatch(file);
    } catch (error) {
      this.#error = error;
      this.#giveUp();
    } finally {
      this.#running = undefined;
    }
  }

  #giveUp(): void {
    const bytes = this.#queuedBytes;
    for (const buffer of this.#queue) release(buffer);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#onWritten(bytes);
  }

  async #writeBatch(file: FileHandle): Promise<void> {
    const batch = this.#queue.splice(0, BATCH);
    const { bytesWritten } = await file.writev(batch, this.#position).catch((cause: unknown) => {
      this.#queue.unshift(...batch);
      throw cause;
    });
    this.#position += bytesWritten;
    this.#queuedBytes -= bytesWritten;
    const [done, left] = split(batch, bytesWritten);
    for (const buffer of done) release(buffer);
    // Retry the rest after a short write: the disk then reports why, or takes it.
    this.#queue.unshift(...left);
    if (bytesWritten === 0) throw new Error('the disk accepts no more bytes');
    this.#onWritten(bytesWritten);
  }
}

/** Splits `buffers` after `length` bytes. */
function split(buffers: readonly Buffer[], length: number): [Buffer[], Buffer[]] {
  const before: Buffer[] = [];
  const behind: Buffer[] = [];
  let left = length;
  for (const buffer of buffers) {
    const at = Math.min(left, buffer.length);
    left -= at;
    if (at > 0) before.push(buffer.subarray(0, at));
    if (at < buffer.length) behind.push(buffer.subarray(at));
  }
  return [before, behind];
}
