import { hash, randomUUID } from 'node:crypto';
import { rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCause, ResoError } from '../../errors';
import {
  closeQuietly,
  makeFolders,
  openFile,
  readFile,
  renameFile,
  statOpen,
  statPath,
  writeNewFile,
} from '../../files';
import type { Rendition } from '../rendition';
import { decodeEntry, encodeEntry } from './entry';
import { removeOthers, removeUnfinished } from './leftovers';
import { noteUse, SHARDS, shardName, Shards, sizeOnDisk } from './shards';

/** By default 2 GiB: about 130,000 thumbnails. */
export const DEFAULT_CACHE_SIZE = 2 * 1024 ** 3;

/** One folder for each combination of versions. */
const FOLDERS = /^renditions-[0-9a-f]{12}$/;
/** Inside it: files that are still being written. */
const UNFINISHED = 'new';

/** Other users of this machine may not be allowed to read the image. */
const PRIVATE = 0o600;

/** Milliseconds to wait after a failed write before trying another. */
const PAUSE = 10_000;

export interface DiskCacheOptions {
  readonly root: string;
  /** Bytes. */
  readonly limit: number;
  /** What the bytes of a rendition depend on besides image and recipe. */
  readonly versions: string;
  readonly onWarning: (message: string) => void;
}

/** Renditions and pyramids on disk, up to a number of bytes. If anything goes wrong, the image is just rendered again. */
export class DiskCache {
  readonly #options: DiskCacheOptions;
  readonly #folder: string;
  readonly #shards: Shards;
  readonly #writes = new Set<Promise<void>>();
  readonly #ended = new AbortController();
  readonly #tidied: Promise<void>;
  #hasWarned = false;
  #pausedUntil = 0;
  hits = 0;
  misses = 0;

  private constructor(options: DiskCacheOptions) {
    this.#options = options;
    const name = `renditions-${hash('sha256', options.versions).slice(0, 12)}`;
    this.#folder = join(options.root, name);
    this.#shards = new Shards(this.#folder, options.limit);
    this.#tidied = this.#tidy(name).catch(() => undefined);
  }

  /** Never rejects: if the folder can't be used, it warns, and nothing is cached. */
  static async open(options: DiskCacheOptions): Promise<DiskCache> {
    const cache = new DiskCache(options);
    await cache.#makeFolder(UNFINISHED).catch((error: unknown) => cache.#warn(error));
    return cache;
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#shards.total;
  }

  /** Undefined if there is none. A damaged entry is removed. */
  async get(key: string): Promise<Rendition | undefined> {
    const path = this.pathOf(key);
    const entry = await this.#read(path).catch(() => undefined);
    const rendition = entry && decodeEntry(key, entry);
    if (entry && !rendition) await unlink(path).catch(() => undefined);
    if (rendition) this.hits++;
    else this.misses++;
    return rendition;
  }

  /** Never rejects. Resolves when the entry is written, or could not be. */
  async put(key: string, rendition: Rendition): Promise<void> {
    const entry = encodeEntry(key, rendition);
    if (entry.length > this.#options.limit) return;
    await this.add(key, (path) =>
      writeNewFile(path, { buffers: [entry], length: entry.length, mode: PRIVATE }),
    );
  }

  /**
   * Adds a file that `write` creates. Resolves to what `write` returns, or to undefined if it could not be added. Rejects
   * only with an error of reso that `write` throws.
   */
  async add<T>(key: string, write: (path: string) => Promise<T>): Promise<T | undefined> {
    const added = this.#add(key, write);
    const done = added.then(
      () => undefined,
      () => undefined,
    );
    this.#writes.add(done);
    try {
      return await added;
    } catch (error) {
      if (error instanceof ResoError) throw error;
      this.#warn(error);
      return undefined;
    } finally {
      this.#writes.delete(done);
    }
  }

  /** Where the file of a key is, if there is one. */
  pathOf(key: string): string {
    return join(this.#folder, key.slice(0, 2), key.slice(2));
  }

  /** Removes a damaged file. */
  async remove(key: string): Promise<void> {
    await unlink(this.pathOf(key)).catch(() => undefined);
  }

  /** Resolves when nothing is being written or removed any more. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#shards.end();
    await Promise.all([this.#tidied, ...this.#writes]);
  }

  async #add<T>(key: string, write: (path: string) => Promise<T>): Promise<T | undefined> {
    if (Date.now() < this.#pausedUntil) return undefined;
    const unfinished = join(this.#folder, UNFINISHED, randomUUID());
    let isLeft = true;
    try {
      const written = await this.#again(UNFINISHED, () => write(unfinished));
      const size = sizeOnDisk(Number((await statPath(unfinished)).size));
      if (size > this.#options.limit) return undefined;
      await this.#again(shardName(shardOf(key)), () => renameFile(unfinished, this.pathOf(key)));
      isLeft = false;
      this.#shards.add(shardOf(key), size);
      await this.#shards.makeRoom();
      return written;
    } finally {
      if (isLeft) await rm(unfinished, { force: true }).catch(() => undefined);
    }
  }

  /** A folder is missing before its first entry, and after somebody has emptied the cache. */
  async #again<T>(folder: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await this.#makeFolder(folder);
      return act();
    }
  }

  #makeFolder(name: string): Promise<void> {
    return makeFolders(join(this.#folder, name));
  }

  async #read(path: string): Promise<Buffer | undefined> {
    const fd = await openFile(path, 0);
    try {
      const { size, mtimeMs } = statOpen(fd);
      const entry = Buffer.allocUnsafe(Number(size));
      for (let done = 0; done < entry.length;) {
        const read = await readFile(fd, entry, done, entry.length - done, done);
        if (read === 0) break;
        done += read;
      }
      noteUse(fd, Number(mtimeMs));
      return entry;
    } finally {
      await closeQuietly(fd);
    }
  }

  async #tidy(name: string): Promise<void> {
    await removeOthers(this.#options.root, FOLDERS, name, this.#ended.signal);
    await removeUnfinished(join(this.#folder, UNFINISHED));
    await this.#shards.measure();
  }

  #warn(error: unknown): void {
    this.#pausedUntil = Date.now() + PAUSE;
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const why = describeCause(error);
    this.#options.onWarning(
      `Thumbnails can't be cached in ${this.#options.root}: ${why}. They are rendered again each time.`,
    );
  }
}

function shardOf(key: string): number {
  return parseInt(key.slice(0, 2), 16) % SHARDS;
}
