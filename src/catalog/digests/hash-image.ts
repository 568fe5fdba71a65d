import { createHash, type Hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { StoredImage } from '../../stores';
import { changed, throwIfCancelled } from '../catalog';
import type { KnownDigests } from './digest-store';

const READ_BYTES = 524_288;

export interface HashOptions {
  /** Also hash blocks of this many bytes. */
  readonly blockSize?: number | undefined;
  readonly onProgress: (done: number) => void;
  /** Awaited between two reads. */
  readonly pause: () => Promise<void> | undefined;
  readonly signal: AbortSignal;
}

/** Reads the whole image and hashes it. Throws CHANGED if it changes while it is read. */
export async function hashImage(image: StoredImage, options: HashOptions): Promise<KnownDigests> {
  const hasher = new BlockHasher(options.blockSize);
  await readAll(image, options, (bytes) => hasher.update(bytes));
  if (!(await image.isUnchanged())) throw changed();
  return hasher.finish();
}

/** Reads the next piece while the last one is being hashed. */
async function readAll(
  image: StoredImage,
  options: HashOptions,
  take: (bytes: Buffer) => void,
): Promise<void> {
  const size = Math.min(READ_BYTES, image.size);
  let [current, other] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)];
  let reading = readAt(image, current, 0);
  for (let done = 0; done < image.size;) {
    const bytes = await reading;
    throwIfCancelled(options.signal);
    if (bytes === 0) throw changed();
    const read = current.subarray(0, bytes);
    done += bytes;
    [current, other] = [other, current];
    reading = readAt(image, current, done);
    try {
      take(read);
      options.onProgress(done);
      await setImmediate();
      await options.pause();
    } catch (error) {
      await reading.catch(() => undefined);
      throw error;
    }
  }
  await reading;
}

async function readAt(image: StoredImage, target: Buffer, position: number): Promise<number> {
  const length = Math.min(target.length, image.size - position);
  return length > 0 ? image.read(target, 0, length, position) : 0;
}

/** SHA-256 of an image and, if a block size is given, of its blocks, in one pass over its bytes. */
class BlockHasher {
  readonly #blockSize: number | undefined;
  readonly #image = createHash('sha256');
  readonly #blocks: Buffer[] = [];
  #block: Hash | undefined;
  #inBlock = 0;

  constructor(blockSize?: number) {
    this.#blockSize = blockSize;
  }

  update(bytes: Buffer): void {
    this.#image.update(bytes);
    if (this.#blockSize === undefined) return;
    for (let at = 0; at < bytes.length;) at += this.#updateBlock(bytes.subarray(at), this.#blockSize);
  }

  finish(): KnownDigests {
    const sha256 = this.#image.digest('hex');
    if (this.#blockSize === undefined) return { sha256 };
    this.#closeBlock();
    return { sha256, blocks: { blockSize: this.#blockSize, bytes: Buffer.concat(this.#blocks) } };
  }

  #updateBlock(bytes: Buffer, blockSize: number): number {
    const piece = bytes.subarray(0, blockSize - this.#inBlock);
    this.#block ??= createHash('sha256');
    this.#block.update(piece);
    this.#inBlock += piece.length;
    if (this.#inBlock === blockSize) this.#closeBlock();
    return piece.length;
  }

  #closeBlock(): void {
    if (this.#block) this.#blocks.push(this.#block.digest());
    this.#block = undefined;
    this.#inBlock = 0;
  }
}
