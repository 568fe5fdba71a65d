import { createHash } from 'node:crypto';
import { constants, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { LocalError, RemoteError, ResoError } from '../../../errors';
import { timeForNode } from '../../../files';
import type { Proof } from '../../../protocol';
import { diskError } from '../../disk/disk-errors';
import type { Durability } from '../../disk/durability';
import { openCopy } from '../../disk/hash-file';
import type { OutputFolder } from '../../disk/output-folder';
import { workKey } from '../../disk/work-folder';
import type { WorkFolders } from '../../disk/work-folders';
import { isTransient } from '../../net/retry';
import type { VerifyClient } from './check';

/** Least share of an image that must exist: blocks are fetched one by one, but a whole image over all connections. */
const LEAST = 0.5;

/** How often a block is requested if its bytes were cut off or damaged. */
const TRIES = 5;

export interface Repairing {
  readonly client: Pick<VerifyClient, 'digests' | 'read'>;
  readonly output: OutputFolder;
  readonly work: WorkFolders;
  /** Set if repairs must survive a power failure. */
  readonly durability: Durability | undefined;
  /** Throws ABORTED once the signal is aborted. */
  checkAborted(): void;
}

export interface Repaired {
  readonly sha256: string;
  readonly bytesReceived: number;
}

/**
 * Repairs a damaged copy: a new file is assembled from its good blocks and the server's blocks for the others, verified as
 * a whole, and put in its place. Undefined if that is not possible and the whole image must be downloaded. `locked` is the
 * SHA-256 that it must have.
 */
export async function repairBlocks(
  repairing: Repairing,
  name: string,
  locked: string | undefined,
): Promise<Repaired | undefined> {
  const digests = await BlockDigests.open(repairing.client, name);
  const { size, sha256 } = digests.proof;
  if (locked !== undefined && locked !== sha256) return undefined;
  const found = await repairing.output.lookUp(name);
  if (!found?.isFile() || found.size < size * LEAST) return undefined;
  const copy = await openCopy(repairing.output.path(name), name);
  try {
    return await new BlockRepair(repairing, name, digests, copy).run();
  } catch (error) {
    if (error instanceof ResoError && FETCH_WHOLE.has(error.code)) return undefined;
    throw error;
  } finally {
    // It was only read from.
    await copy.close().catch(() => undefined);
  }
}

/** The image or the copy changed in the meantime. */
const FETCH_WHOLE: ReadonlySet<string> = new Set(['CHANGED', 'BAD_RANGE', 'DIGEST_MISMATCH']);

const NEW_PART = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

class BlockRepair {
  readonly #repairing: Repairing;
  readonly #name: string;
  readonly #digests: BlockDigests;
  readonly #copy: FileHandle;
  #bytesReceived = 0;

  constructor(repairing: Repairing, name: string, digests: BlockDigests, copy: FileHandle) {
    this.#repairing = repairing;
    this.#name = name;
    this.#digests = digests;
    this.#copy = copy;
  }

  async run(): Promise<Repaired> {
    const work = await this.#repairing.work.for(this.#name);
    const { id } = await work.enter();
    const part = work.partPath(workKey(this.#name), id);
    try {
      const sha256 = await this.#write(part);
      await this.#commit(part);
      return { sha256, bytesReceived: this.#bytesReceived };
    } catch (cause) {
      await unlink(part).catch(() => undefined);
      throw diskError(cause, this.#name);
    }
  }

  /** Makes the new file; returns its SHA-256, which is the server's. */
  async #write(part: string): Promise<string> {
    const { size, blockSize, sha256, mtime } = this.#digests.proof;
    const hash = createHash('sha256');
    const file = await open(part, NEW_PART, 0o666);
    try {
      for (let position = 0; position < size; position += blockSize) {
        this.#repairing.checkAborted();
        const bytes = await this.#block(position, Math.min(blockSize, size - position));
        hash.update(bytes);
        await writeAll(file, bytes, position);
      }
      if (hash.digest('hex') !== sha256) throw this.#mismatch();
      const time = timeForNode(mtime);
      await file.utimes(time, time);
      if (this.#repairing.durability) await file.sync();
      return sha256;
    } finally {
      await file.close();
    }
  }

  /** A good block: the copy's if it is good, otherwise the server's. */
  async #block(position: number, length: number): Promise<Buffer> {
    const digest = await this.#digests.of(position / this.#digests.proof.blockSize);
    const local = await readFully(this.#copy, position, length);
    if (sha256Of(local) === digest) return local;
    for (let tries = 1; ; tries++) {
      try {
        const remote = await this.#fetch(position, length);
        if (sha256Of(remote) === digest) return remote;
        throw this.#mismatch();
      } catch (error) {
        const again = isTransient(error) || (error instanceof ResoError && error.code === 'DIGEST_MISMATCH');
        if (!again || tries >= TRIES) throw error;
      }
    }
  }

  async #fetch(offset: number, length: number): Promise<Buffer> {
    const { sha256 } = this.#digests.proof;
    const parts: Buffer[] = [];
    for await (const bytes of this.#repairing.client.read(this.#name, { offset, length, sha256 })) {
      this.#bytesReceived += bytes.length;
      parts.push(bytes);
    }
    return Buffer.concat(parts);
  }

  async #commit(part: string): Promise<void> {
    const { output, durability } = this.#repairing;
    const found = await output.lookUp(this.#name);
    if (found?.isDirectory()) {
      throw new LocalError('EXISTS', 'A folder with this name now exists. Move it away.', {
        image: this.#name,
      });
    }
    await output.makeParents(this.#name);
    await rename(part, output.path(this.#name));
    await durability?.enter(this.#name);
  }

  #mismatch(): ResoError {
    return new ResoError('DIGEST_MISMATCH', 'The data received for the repair is damaged.', {
      image: this.#name,
    });
  }
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Fewer bytes only at the end of the file. */
async function readFully(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/** A full disk may take a part and report no error: writing the rest then fails. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    if (bytesWritten === 0) throw new Error('the disk accepts no more bytes');
    done += bytesWritten;
  }
}

/** Digests of blocks per request. */
const AT_ONCE = 1024;

/** The digests of an image's blocks, all of one state, from any server that has it. */
export class BlockDigests {
  readonly proof: Proof;
  readonly #client: Pick<VerifyClient, 'digests'>;
  readonly #name: string;
  #known: Proof;

  private constructor(client: Pick<VerifyClient, 'digests'>, name: string, proof: Proof) {
    this.#client = client;
    this.#name = name;
    this.proof = this.#known = proof;
  }

  static async open(client: Pick<VerifyClient, 'digests'>, name: string): Promise<BlockDigests> {
    return new BlockDigests(client, name, await client.digests(name, { first: 0, count: AT_ONCE }));
  }

  /** SHA-256 of block `index`; call it in ascending order. Throws CHANGED. */
  async of(index: number): Promise<string> {
    if (index >= this.#known.first + this.#known.blocks.length) {
      this.#known = await this.#client.digests(this.#name, { first: index, count: AT_ONCE });
    }
    const digest = this.#known.blocks[index - this.#known.first];
    const { sha256, blockSize } = this.#known;
    if (sha256 === this.proof.sha256 && blockSize === this.proof.blockSize && digest !== undefined)
      return digest;
    throw new RemoteError('CHANGED', 'The image changed while it was being repaired.', { image: this.#name });
  }
}
