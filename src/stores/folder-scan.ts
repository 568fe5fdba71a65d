import { isUtf8 } from 'node:buffer';
import type { Dir } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { ResoError, systemCode, type ProtocolError } from '../errors';
import { nameFault } from '../names';
import { closeQuietly, statPath } from '../files';
import { stateOf } from './file-state';
import type { ImageCheck } from './image-check';
import type { ImageStore, Scan, StoredEntry, StoredState } from './image-store';
import { LeftOutTally, type LeftOut, type LeftOutNames, type LeftOutReason } from './left-out';
import { isOutOfDescriptors, outOfDescriptors, unavailable } from './refusal';
import { hasProc, type Opened } from './resolver';
import type { Location, ServedFolder } from './served-folder';
import { checkedEntries, unreadableEntry } from './unreadable';

/** Directory entries per batch. */
const BATCH = 512;
/** Files examined at the same time: few, so that other calls don't have to queue behind them. */
const CONCURRENCY = 8;

interface RawEntry {
  readonly name: Buffer;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

interface OpenFolder {
  /** Relative to the root; ends in `/` unless empty. */
  readonly prefix: string;
  /** A path that leads to exactly this folder. */
  readonly path: string;
}

interface Walk {
  readonly location: Location;
  /** The root's device. */
  readonly ino: bigint;
}

/** One walk through a folder and everything below it, folder by folder, or a look at some of its files. */
export class FolderScan implements Scan {
  readonly #leftOut = new LeftOutTally();
  readonly #store: ImageStore;
  readonly #served: ServedFolder;
  readonly #check: ImageCheck;
  #location: Location | undefined;
  readonly #walked = new Set<string>();
  /** Names of folders still to be walked. */
  readonly #folders = [''];

  /** Of files to look at; undefined: all. */
  readonly #names: readonly string[] | undefined;

  constructor(store: ImageStore, served: ServedFolder, check: ImageCheck, names?: readonly string[]) {
    this.#names = names;
    this.#store = store;
    this.#served = served;
    this.#check = check;
  }

  get leftOut(): LeftOut {
    return this.#leftOut.counts;
  }

  get leftOutNames(): LeftOutNames {
    return this.#leftOut.names;
  }

  get batches(): AsyncIterable<readonly StoredEntry[]> {
    return this.#names ? this.#look(this.#names) : this.#walk();
  }

  async *#look(names: readonly string[]): AsyncGenerator<readonly StoredEntry[]> {
    const { resolver } = (this.#location = await this.#served.look());
    for (const name of names) {
      const stats = await resolver.lstat(name);
      if (!stats) continue;
      const [prefix, component] = splitName(name);
      const raw = Object.assign(stats, { name: Buffer.from(component) });
      const path = resolver.folderPath(prefix.slice(0, -1));
      const entry = stats.isDirectory() ? undefined : await this.#entry({ prefix, path }, raw);
      if (entry) yield [entry];
    }
  }

  async *#walk(): AsyncGenerator<readonly StoredEntry[]> {
    const location = (this.#location = await this.#served.look());
    const { fd, stats } = await this.#openRoot(location);
    // Kept open, so that no other file gets its inode number.
    try {
      const walk = { location, ino: stats.ino };
      for (let name = this.#folders.pop(); name !== undefined; name = this.#folders.pop()) {
        this.#walked.add(name);
        yield* this.#walkFolder(walk, name);
      }
      await this.#checkRoot(walk);
    } finally {
      await closeQuietly(fd);
    }
    location.watch.keepOnly(this.#walked);
  }

  async #openRoot({ resolver }: Location): Promise<Opened> {
    try {
      return await resolver.openFolder('');
    } catch (error) {
      throw this.#rootFailed(error);
    }
  }

  async *#walkFolder(walk: Walk, name: string): AsyncGenerator<readonly StoredEntry[]> {
    const { resolver, watch } = walk.location;
    let fd: number;
    try {
      const opened = await resolver.openFolder(name);
      fd = opened.fd;
      watch.add(name, fd, opened.stats);
    } catch (error) {
      return yield await this.#skipOrFail(walk, name, error);
    }
    // The descriptor keeps pointing to the folder that was opened, even if its path is replaced in the meantime.
    const path = hasProc() ? `/proc/self/fd/${fd}` : resolver.folderPath(name);
    try {
      const dir = await opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: BATCH });
      for await (const batch of batchesOf(dir)) {
        yield await this.#entries({ prefix: name === '' ? '' : `${name}/`, path }, batch);
      }
    } catch (error) {
      yield await this.#skipOrFail(walk, name, error);
    } finally {
      await closeQuietly(fd);
    }
  }

  /** An unreadable folder in the tree becomes an entry; without the root, or without descriptors, there is no list. */
  async #skipOrFail(walk: Walk, name: string, error: unknown): Promise<readonly StoredEntry[]> {
    if (isOutOfDescriptors(error)) throw outOfDescriptors(error);
    if (isOfStore(error) || (!(error instanceof ResoError) && systemCode(error) === undefined)) throw error;
    if (name === '') throw this.#rootFailed(error);
    const vanished = error instanceof ResoError ? error.code === 'NOT_FOUND' : systemCode(error) === 'ENOENT';
    if (!vanished) return [unreadableEntry(`${name}/`, error)];
    await this.#checkRoot(walk);
    return [];
  }

  /** Otherwise a list without the folders that disappeared along with the root would pass for a complete one. */
  async #checkRoot({ location, ino }: Walk): Promise<void> {
    if (!(await this.#served.isStill(location, ino))) throw replaced();
  }

  #rootFailed(error: unknown): unknown {
    const cause = error instanceof ResoError ? error.cause : error;
    return cause === undefined ? replaced() : this.#served.failed(cause);
  }

  async #entries(folder: OpenFolder, batch: readonly RawEntry[]): Promise<StoredEntry[]> {
    const entries: StoredEntry[] = [];
    let next = 0;
    const work = async () => {
      for (let raw = batch[next++]; raw; raw = batch[next++]) {
        const entry = await this.#entry(folder, raw);
        if (entry) entries.push(entry);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return entries;
  }

  #entry(folder: OpenFolder, raw: RawEntry): Promise<StoredEntry | undefined> | undefined {
    const component = raw.name.toString('utf8');
    const name = folder.prefix + component;
    const reason = reasonToLeaveOut(folder.prefix, raw);
    if (reason !== undefined) {
      this.#leftOut.add(reason, name);
      return undefined;
    }
    if (!raw.isDirectory()) return this.#file(name, `${folder.path}/${component}`);
    this.#folders.push(name);
    return undefined;
  }

  async #file(name: string, path: string): Promise<StoredEntry | undefined> {
    let state: StoredState | undefined;
    try {
      const stats = await statPath(path);
      if (!stats.isFile()) return undefined;
      state = stateOf(stats);
      if (this.#check.known(name, state.version) ?? (await this.#looksLikeImage(name)))
        return { name, ...state };
      this.#leftOut.add('notImage', name);
    } catch (error) {
      if (error instanceof ResoError ? error.code !== 'UNREADABLE' : systemCode(error) === undefined)
        throw error;
      if (systemCode(error) !== 'ENOENT') return unreadableEntry(name, error, state);
    }
    return undefined;
  }

  async #looksLikeImage(name: string): Promise<boolean> {
    try {
      await this.#store.stat(name);
      return true;
    } catch (error) {
      if (error instanceof ResoError && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  }

  checked(entries: readonly StoredEntry[]): Promise<readonly StoredEntry[]> {
    return checkedEntries(entries, this.#location!.resolver);
  }
}

/** The folder of a name, with its slash, and what comes after it. */
function splitName(name: string): [string, string] {
  const at = name.lastIndexOf('/') + 1;
  return [name.slice(0, at), name.slice(at)];
}

async function* batchesOf(dir: Dir): AsyncGenerator<RawEntry[]> {
  let batch: RawEntry[] = [];
  for await (const entry of dir as unknown as AsyncIterable<RawEntry>) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

function isOfStore(error: unknown): boolean {
  return error instanceof ResoError && (error.code === 'BUSY' || error.code === 'UNAVAILABLE');
}

function replaced(): ProtocolError {
  return unavailable(new Error('it was replaced while it was being scanned'));
}

function reasonToLeaveOut(prefix: string, entry: RawEntry): LeftOutReason | undefined {
  const DOT = 0x2e;
  if (entry.name[0] === DOT) return 'hidden';
  if (entry.isSymbolicLink()) return 'symlink';
  if (!entry.isDirectory() && !entry.isFile()) return 'special';
  // Two names that are not valid UTF-8 could decode to the same string.
  if (!isUtf8(entry.name) || nameFault(prefix + entry.name.toString('utf8')) !== undefined) return 'badName';
  return undefined;
}
