import type { Database } from 'lmdb';
import type { DigestStore, KnownDigests } from '../digests/digest-store';
import { blocksRecord, formatDigest, parseBlocks, parseDigest, type BlocksRecord } from './record';
import { BLOCKS, IMAGES, type LmdbRoot } from './root';
import { WriteBehind } from './write-behind';

interface Collected extends KnownDigests {
  readonly version: string;
}

/**
 * Digests on disk. LMDB lets several processes use one file at once. Digests of blocks have their own table, so that a
 * list does not read them.
 */
export class LmdbDigests implements DigestStore {
  readonly #images: Database<string, Buffer>;
  readonly #blocks: Database<BlocksRecord, Buffer>;
  readonly #behind: WriteBehind<Collected>;
  readonly #onError: (error: unknown) => void;
  /** LMDB crashes if it is used after its root was closed. */
  #isClosed = false;

  constructor(root: LmdbRoot, onError: (error: unknown) => void) {
    this.#images = root.table(IMAGES, { keyEncoding: 'binary', encoding: 'string' });
    this.#blocks = root.table(BLOCKS, { keyEncoding: 'binary' });
    this.#onError = onError;
    this.#behind = new WriteBehind(root, {
      put: (collected) => this.#putAll(collected),
      bytesOf: ({ blocks }) => blocks?.bytes.length ?? 0,
      onError,
    });
  }

  image(name: string, version: string): string | undefined {
    return parseDigest(this.#get(this.#images, name), name, version);
  }

  blocks(name: string, version: string, blockSize: number): Buffer | undefined {
    return parseBlocks(this.#get(this.#blocks, name), name, version, blockSize);
  }

  keep(name: string, version: string, digests: KnownDigests): void {
    this.#behind.keep(name, { version, ...digests });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#behind.close();
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

  #putAll(collected: ReadonlyMap<string, Collected>): void {
    for (const [name, { version, sha256, blocks }] of collected) {
      const key = Buffer.from(name);
      void this.#images.put(key, formatDigest(name, version, sha256));
      if (blocks) void this.#blocks.put(key, blocksRecord(name, version, blocks));
    }
  }
}
