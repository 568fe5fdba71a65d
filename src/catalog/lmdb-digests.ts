import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, RootDatabase, TransactionFlags } from 'lmdb';
import type { DigestStore, KnownDigests } from './digest-store';
import { moveAsideIfDamaged } from './lmdb-file';

/** Milliseconds for which what is to be kept is collected. */
const COLLECT = 100;
/** Entries that are written at once: not so many that others would have to wait. */
const MAX_COLLECTED = 64;

/** Flags of LMDB: commit before the call returns, and let the disk follow. */
const COMMIT_NOW_FLUSH_LATER = 0x10002 as TransactionFlags;

interface StoredImageDigest {
  readonly version: string;
  readonly sha256: string;
}

interface StoredBlockDigests {
  readonly version: string;
  readonly blockSize: number;
  readonly bytes: Buffer;
}

interface Collected extends KnownDigests {
  readonly version: string;
}

/**
 * Digests on disk. LMDB lets several processes use one file at once. Blocks are kept apart, so that a list does not
 * have to read them. Transactions are synchronous: an asynchronous one that fails, for instance on a full disk, leaves
 * a rejection behind that nobody can handle, and that ends the process.
 */
export class LmdbDigests implements DigestStore {
  readonly #root: RootDatabase;
  readonly #images: Database<StoredImageDigest, Buffer>;
  readonly #blocks: Database<StoredBlockDigests, Buffer>;
  readonly #onError: (error: unknown) => void;
  readonly #collected = new Map<string, Collected>();
  #timer: NodeJS.Timeout | undefined;
  #isWritable = true;
  /** LMDB does not survive being asked after it was closed. */
  #isClosed = false;

  constructor(root: RootDatabase, onError: (error: unknown) => void) {
    this.#root = root;
    this.#images = root.openDB({ name: 'image-digests', keyEncoding: 'binary' });
    this.#blocks = root.openDB({ name: 'block-digests', keyEncoding: 'binary' });
    this.#onError = onError;
  }

  image(name: string, version: string): string | undefined {
    const found = this.#get(this.#images, name);
    return found?.version === version ? found.sha256 : undefined;
  }

  blocks(name: string, version: string, blockSize: number): Buffer | undefined {
    const found = this.#get(this.#blocks, name);
    return found?.version === version && found.blockSize === blockSize ? found.bytes : undefined;
  }

  keep(name: string, version: string, digests: KnownDigests): void {
    if (!this.#isWritable) return;
    this.#collected.set(name, { version, ...digests });
    if (this.#collected.size >= MAX_COLLECTED) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), COLLECT);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#write();
    this.#isWritable = false;
    this.#isClosed = true;
    await this.#root.close();
  }

  #get<T>(database: Database<T, Buffer>, name: string): T | undefined {
    if (this.#isClosed) return undefined;
    try {
      return database.get(Buffer.from(name));
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#collected.size === 0) return;
    try {
      this.#root.transactionSync(() => this.#putAll(), COMMIT_NOW_FLUSH_LATER);
    } catch (error) {
      this.#isWritable = false;
      this.#onError(error);
    }
    this.#collected.clear();
  }

  #putAll(): void {
    for (const [name, { version, sha256, blocks }] of this.#collected) {
      void this.#images.put(Buffer.from(name), { version, sha256 });
      if (blocks) void this.#blocks.put(Buffer.from(name), { version, ...blocks });
    }
  }
}

export interface LmdbWatcher {
  /** A damaged file was put aside and is made anew. */
  readonly onDamage: (path: string) => void;
  /** Something went wrong after opening. */
  readonly onError: (error: unknown) => void;
}

/** Opens, or makes, the digests in folder `state`. */
export async function openLmdbDigests(
  state: string,
  { onDamage, onError }: LmdbWatcher,
): Promise<LmdbDigests> {
  await mkdir(state, { recursive: true });
  const path = join(state, 'digests.lmdb');
  if (await moveAsideIfDamaged(path)) onDamage(path);
  const { open } = await import('lmdb');
  return new LmdbDigests(open({ path, noSubdir: true, maxDbs: 8 }), onError);
}
