import type { FileHandle } from 'node:fs/promises';

/** Buffers that go into one system call at most; the usual IOV_MAX is 1,024. */
const BATCH = 64;

/**
 * Writes buffers to a file in the order in which they come, while more come. What a write takes is looked at: a full
 * disk may take a part of it and report no error.
 */
export class FileWriter {
  readonly #file: Promise<FileHandle>;
  readonly #onSettled: (bytes: number) => void;
  #queue: Buffer[] = [];
  #position: number;
  #queuedBytes = 0;
  #running: Promise<void> | undefined;
  #error: unknown;

  /** Writes from byte `position` on. `onSettled` is told how many bytes no longer wait: written, or given up. */
  constructor(file: Promise<FileHandle>, position: number, onSettled: (bytes: number) => void) {
    this.#file = file;
    this.#position = position;
    this.#onSettled = onSettled;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get error(): unknown {
    return this.#error;
  }

  push(bytes: Buffer): void {
    if (this.#error !== undefined) return;
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#running ??= this.#run();
  }

  /** Resolves when all is written; rejects with what kept it from being so. */
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
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#onSettled(bytes);
  }

  async #writeBatch(file: FileHandle): Promise<void> {
    const batch = this.#queue.splice(0, BATCH);
    const { bytesWritten } = await file.writev(batch, this.#position);
    this.#position += bytesWritten;
    this.#queuedBytes -= bytesWritten;
    // After a short write the rest is tried again: the disk then says why, or takes it.
    this.#queue.unshift(...rest(batch, bytesWritten));
    if (bytesWritten === 0) throw new Error('the disk takes no more bytes');
    this.#onSettled(bytesWritten);
  }
}

function rest(batch: readonly Buffer[], written: number): Buffer[] {
  let skip = written;
  return batch.flatMap((buffer) => {
    const left = buffer.subarray(Math.min(skip, buffer.length));
    skip -= buffer.length - left.length;
    return left.length > 0 ? [left] : [];
  });
}
