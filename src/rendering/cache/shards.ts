import { randomInt } from 'node:crypto';
import { futimesSync, type Stats } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Entries are spread over this many folders, by the first byte of their key. */
export const SHARDS = 256;
const IS_ENTRY = /^[0-9a-f]{62}$/;

/** How precisely the last use of an entry is recorded: milliseconds. */
const USE_STEP = 3_600_000;
/** Number of entries among which the oldest are removed. */
const SAMPLE = 128;
/** At most this part of a sample is removed: the next sample may have older entries. */
const MOST_OF_SAMPLE = 1 / 4;
/** Eviction goes on to this part of the limit, so that not every new entry starts another one. */
const FULL_ENOUGH = 0.95;

interface Entry {
  readonly shard: number;
  readonly path: string;
  readonly size: number;
  readonly usedAt: number;
}

export function shardName(shard: number): string {
  return shard.toString(16).padStart(2, '0');
}

/** Bytes that a file takes on most disks. */
export function sizeOnDisk(bytes: number): number {
  return Math.ceil(bytes / 4096) * 4096;
}

/** Records that an open entry was used, unless `usedAt` is not long ago. Returns whether it did. */
export function noteUse(fd: number, usedAt: number): boolean {
  if (Date.now() - usedAt < USE_STEP) return false;
  try {
    futimesSync(fd, Date.now() / 1000, Date.now() / 1000);
  } catch {
    // Read-only: then nothing is evicted either.
  }
  return true;
}

/**
 * The size of the cache, and eviction. The least recently used entries are looked for in a few shards at a time: keys are
 * digests, so any shard is a fair sample, and no list of all entries is held in memory.
 */
export class Shards {
  readonly #folder: string;
  readonly #limit: number;
  readonly #sizes = new Float64Array(SHARDS);
  #next = randomInt(SHARDS);
  #total = 0;
  #makingRoom: Promise<void> | undefined;
  #isEnded = false;

  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Bytes. What other processes have added counts once its shard is listed. */
  get total(): number {
    return this.#total;
  }

  /** Lists all shards, one after the other. */
  async measure(): Promise<void> {
    for (let shard = 0; shard < SHARDS && !this.#isEnded; shard++) await this.#list(shard);
    await this.makeRoom();
  }

  add(shard: number, bytes: number): void {
    this.#sizes[shard]! += bytes;
    this.#total += bytes;
  }

  /** Resolves when the cache is within its limit, if that is possible. */
  makeRoom(): Promise<void> {
    if (this.#total <= this.#limit) return Promise.resolve();
    return (this.#makingRoom ??= this.#removeOldest().finally(() => (this.#makingRoom = undefined)));
  }

  /** Resolves when nothing is being removed any more. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#makingRoom;
  }

  async #removeOldest(): Promise<void> {
    const enough = this.#limit * FULL_ENOUGH;
    while (this.#total > enough && !this.#isEnded) {
      const { entries, isAll } = await this.#sample();
      entries.sort((a, b) => a.usedAt - b.usedAt);
      const most = isAll ? entries.length : Math.ceil(entries.length * MOST_OF_SAMPLE);
      let removed = 0;
      for (const entry of entries.slice(0, most)) {
        if (this.#total <= enough) return;
        if (await this.#remove(entry)) removed++;
      }
      // The folder has become read-only or is empty: another sample would not help.
      if (removed === 0) return;
    }
  }

  async #sample(): Promise<{ entries: Entry[]; isAll: boolean }> {
    const entries: Entry[] = [];
    let looked = 0;
    for (; looked < SHARDS && entries.length < SAMPLE; looked++) {
      entries.push(...(await this.#list(this.#next)));
      this.#next = (this.#next + 1) % SHARDS;
    }
    return { entries, isAll: looked === SHARDS };
  }

  async #list(shard: number): Promise<Entry[]> {
    const folder = join(this.#folder, shardName(shard));
    const entries: Entry[] = [];
    for (const name of await namesIn(folder)) {
      const path = join(folder, name);
      const stats = IS_ENTRY.test(name) ? await statIfThere(path) : undefined;
      if (stats) entries.push({ shard, path, size: sizeOnDisk(stats.size), usedAt: stats.mtimeMs });
    }
    const size = entries.reduce((sum, entry) => sum + entry.size, 0);
    this.add(shard, size - this.#sizes[shard]!);
    return entries;
  }

  async #remove({ shard, path, size }: Entry): Promise<boolean> {
    try {
      await unlink(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
    }
    this.add(shard, -size);
    return true;
  }
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function statIfThere(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
