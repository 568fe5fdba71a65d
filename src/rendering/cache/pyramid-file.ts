import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { hashInto } from '../../files';
import type { OpenedSource } from '../source';
import { parseShape, type PyramidShape } from '../wire/messages';
import { noteUse } from './shards';

/** Identifies this layout: any other counts as damaged. */
const MAGIC = Buffer.from('resopyr1');
const DIGEST_BYTES = 32;
/** After the image and its description: the length of the description, a digest of all before it, and this. */
const TAIL_BYTES = 4 + DIGEST_BYTES + MAGIC.length;
const MOST_META = 1000;

/** An open pyramid: a TIFF whose pages are the image at half the size each time, with a description behind it. */
export class PyramidFile {
  readonly shape: PyramidShape;
  readonly #handle: FileHandle;
  readonly #size: number;
  #users = 0;
  #notedAt = 0;
  #isClosed = false;

  constructor(handle: FileHandle, size: number, shape: PyramidShape) {
    this.#handle = handle;
    this.#size = size;
    this.shape = shape;
  }

  /** Reads all of it once, to verify it. Undefined if there is none. */
  static async open(path: string, key: string): Promise<PyramidFile | 'damaged' | undefined> {
    const handle = await open(path).catch(() => undefined);
    if (!handle) return undefined;
    const pyramid = await verified(handle, key).catch(() => undefined);
    if (pyramid) return pyramid;
    await handle.close();
    return 'damaged';
  }

  /** For a decoder process. The file stays open until the last user has closed it. */
  use(): OpenedSource {
    this.#users++;
    if (noteUse(this.#handle.fd, this.#notedAt)) this.#notedAt = Date.now();
    return {
      source: { path: `/proc/${process.pid}/fd/${this.#handle.fd}`, size: this.#size },
      isUnchanged: () => true,
      close: async () => {
        this.#users--;
        await this.#closeUnused();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    void this.#closeUnused();
  }

  async #closeUnused(): Promise<void> {
    if (this.#isClosed && this.#users === 0) await this.#handle.close().catch(() => undefined);
  }
}

/** Completes a new file with its description. The file is open afterward, and may be renamed. */
export async function seal(path: string, key: string, shape: PyramidShape): Promise<PyramidFile> {
  const handle = await open(path, 'r+');
  try {
    const { size } = await handle.stat();
    const meta = Buffer.from(JSON.stringify({ key, ...shape }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(meta.length);
    const digest = (await hashed(handle, size)).update(meta).update(length).digest();
    const tail = Buffer.concat([meta, length, digest, MAGIC]);
    const { bytesWritten } = await handle.write(tail, 0, tail.length, size);
    // On a full disk.
    if (bytesWritten < tail.length) throw new Error('not everything could be written');
    return new PyramidFile(handle, size, shape);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function verified(handle: FileHandle, wantedKey: string): Promise<PyramidFile | undefined> {
  const { size } = await handle.stat();
  const tail = await readAt(handle, size - TAIL_BYTES, TAIL_BYTES);
  const metaLength = tail.readUInt32LE(0);
  const imageSize = size - TAIL_BYTES - metaLength;
  if (!tail.subarray(4 + DIGEST_BYTES).equals(MAGIC) || metaLength > MOST_META || imageSize < 0)
    return undefined;
  const meta = await readAt(handle, imageSize, metaLength);
  const digest = (await hashed(handle, imageSize)).update(meta).update(tail.subarray(0, 4)).digest();
  if (!digest.equals(tail.subarray(4, 4 + DIGEST_BYTES))) return undefined;
  const { key, ...shape } = JSON.parse(meta.toString()) as { key: unknown };
  return key === wantedKey ? new PyramidFile(handle, imageSize, parseShape(shape)) : undefined;
}

async function hashed(handle: FileHandle, size: number) {
  const hash = createHash('sha256');
  if ((await hashInto(hash, handle, size)) < size) throw new Error('the file became shorter');
  return hash;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  if (bytesRead < length) throw new Error('the file is too short');
  return bytes;
}
