import type { Database } from 'lmdb';
import type { DigestStore, KnownDigests } from '../digests/digest-store';
import type { Change } from './disk-space';
import { blocksRecord, formatDigest, parseBlocks, parseDigest, type BlocksRecord } from './record';
import { BLOCKS, IMAGES, type LmdbRoot } from './root';

/** Milliseconds for which new digests are collected before they are written. */
const COLLECT = 100;
/** Digests per write: few enough that nobody has to wait for it. */
const MAX_COLLECTED = 64;

interface Collected extends KnownDigests {
  readonly version: string;
}

/**
 * Digests on disk. LMDB lets several processes use one file at once. Digests of blocks have their own table, so that a
 * list does not read them. Transactions are synchronous: when an asynchronous one fails, for instance on a full disk, it
 * leaves a rejection that nobody can handle, which ends the process.
 */
export class LmdbDigests implements DigestStore {
  readonly #root: LmdbRoot;
  readonly #images: Database<string, Buffer>;
  readonly #blocks: Database<BlocksRecord, Buffer>;
  readonly #onError: (error: unknown) => void;
  readonly #collected = new Map<string, Collected>();
  #timer: NodeJS.Timeout | undefined;
  #isWritable = true;
  /** LMDB crashes if it is used after its root was closed. */
  #isClosed = false;

  constructor(root: LmdbRoot, onError: (error: unknown) => void) {
    this.#root = root;
    this.#images = root.table(IMAGES, { keyEncoding: 'binary', encoding: 'string' });
    this.#blocks = root.table(BLOCKS, { keyEncoding: 'binary' });
    this.#onError = onError;
  }

  image(name: string, version: string): string | undefined {
    return parseDigest(this.#get(this.#images, name), name, version);
  }

  blocks(name: string, version: string, blockSize: number): Buffer | undefined {
    return parseBlocks(this.#get(this.#blocks, name), name, version, blockSize);
  }

  keep(name: string, version: string, digests: KnownDigests): void {
    if (!this.#isWritable) return;
    this.#collected.set(name, { version, ...digests });
    if (this.#collected.size >= MAX_COLLECTED) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), COLLECT);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#write();
    this.#isWritable = false;
    this.#isClosed = true;
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
      this.#root.write(() => this.#putAll(), this.#change);
    } catch (error) {
      this.#isWritable = false;
      this.#onError(error);
    }
    this.#collected.clear();
  }

  get #change(): Change {
    const collected = [...this.#collected.values()];
    const bytes = collected.reduce((sum, { blocks }) => sum + (blocks?.bytes.length ?? 0), 0);
    return { records: 2 * collected.length, bytes };
  }

  #putAll(): void {
    for (const [name, { version, sha256, blocks }] of this.#collected) {
      const key = Buffer.from(name);
      void this.#images.put(key, formatDigest(name, version, sha256));
      if (blocks) void this.#blocks.put(key, blocksRecord(name, version, blocks));
    }
  }
}
