import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCause, ResoError } from '../errors';
import { makeFolders } from '../files';
import type { OpenedSource } from './source';

/** Largest image that is copied. */
const MOST_BYTES = 268_435_456;
/** All copies that exist at the same time. */
const BUDGET = 536_870_912;
const PIECE = 1_048_576;

/** An open image, wherever it comes from. */
export interface OpenedImage {
  /** Where another process finds the open file; undefined: it is not a file of this machine. */
  readonly path: string | undefined;
  readonly size: number;
  read(target: Buffer, offset: number, length: number, position: number): number | Promise<number>;
  isUnchanged(): boolean | Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Makes images readable for decoder processes. A file is read where it is. Of others, such as those in S3, there is a copy
 * for as long as they are needed: a file without a name, which nothing can leave behind.
 */
export class Spool {
  readonly #folder: string;
  #used = 0;

  constructor(folder = tmpdir()) {
    this.#folder = folder;
  }

  /** Takes over `image`. Throws NOT_RENDERABLE, BUSY, and what reading it throws. */
  async sourceOf(image: OpenedImage): Promise<OpenedSource> {
    const { path, size } = image;
    if (path !== undefined)
      return { source: { path, size }, isUnchanged: () => image.isUnchanged(), close: () => image.close() };
    try {
      return await this.#copy(image);
    } finally {
      await image.close();
    }
  }

  async #copy(image: OpenedImage): Promise<OpenedSource> {
    const { size } = image;
    if (size > MOST_BYTES)
      throw new ResoError('NOT_RENDERABLE', `The image is too large to be copied: ${size} bytes.`);
    if (this.#used + size > BUDGET) throw new ResoError('BUSY', 'Too many large images are being rendered.');
    this.#used += size;
    let file: FileHandle | undefined;
    const close = async () => {
      this.#used -= size;
      await file?.close();
    };
    try {
      file = await this.#newFile();
      await copyTo(file, image);
      const source = { path: `/proc/${process.pid}/fd/${file.fd}`, size };
      return { source, isUnchanged: () => true, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async #newFile(): Promise<FileHandle> {
    try {
      await makeFolders(this.#folder);
      const path = join(this.#folder, `spool-${randomUUID()}`);
      const file = await open(path, 'wx+', 0o600);
      await unlink(path);
      return file;
    } catch (cause) {
      throw noRoom(cause);
    }
  }
}

async function copyTo(file: FileHandle, image: OpenedImage): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(PIECE, image.size));
  for (let position = 0; position < image.size;) {
    const read = await image.read(buffer, 0, Math.min(buffer.length, image.size - position), position);
    if (read === 0) throw new ResoError('CHANGED', 'The image changed while it was read.');
    await writeAll(file, buffer.subarray(0, read), position);
    position += read;
  }
  if (!(await image.isUnchanged())) throw new ResoError('CHANGED', 'The image changed while it was read.');
}

/** A full disk may take part of the bytes without an error. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  try {
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, position);
    if (bytesWritten < bytes.length) throw new Error('the disk is full');
  } catch (cause) {
    throw noRoom(cause);
  }
}

function noRoom(cause: unknown): ResoError {
  return new ResoError('BUSY', `There is no room for a copy of the image: ${describeCause(cause)}.`, {
    cause,
  });
}
