import { isUtf8 } from 'node:buffer';
import type { Dir } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { ResoError, systemCode, type ProtocolError } from '../errors';
import { nameFault } from '../names';
import { closeQuietly, statPath } from '../files';
import { Sorter } from '../pace';
import { isOwnersToRead, stateOf } from './file-state';
import type { ImageCheck } from './image-check';
import type { ImageStore, Scan, StoredEntry, StoredState } from './image-store';
import { LeftOutTally, type LeftOut, type LeftOutNames, type LeftOutReason } from './left-out';
import { isOutOfDescriptors, outOfDescriptors, unavailable } from './refusal';
import { hasProc, type Opened } from './resolver';
import type { Location, ServedFolder } from './served-folder';
import { checkedEntries, unreadableEntry } from './unreadable';

/** Directory entries per read, and files per batch. */
const READ = 512;
const BATCH = 2048;
/**
 * Files sorted by name before they are examined. In the order of their names, tables on disk write each page once; in the
 * order of the folder, once for nearly each file.
 */
const RUN = 65_536;
/** Files examined at the same time: few, so that other calls don't have to queue behind them. */
const CONCURRENCY = 8;

interface RawEntry {
  readonly name: Buffer;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

interface RawFile {
  /** Within its folder. */
  readonly name: string;
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
  /** Those of the last batch that this process may read because it owns them. */
  #readable = new Set<StoredEntry>();
  readonly #user = process.geteuid?.();
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
      const folder = { prefix, path: resolver.folderPath(prefix.slice(0, -1)) };
      const file = stats.isDirectory() ? undefined : this.#fileName(folder, raw);
      if (file !== undefined) yield await this.#files(folder, [{ name: file }]);
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
      const dir = await opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: READ });
      const folder = { prefix: name === '' ? '' : `${name}/`, path };
      for await (const run of this.#runsOf(folder, dir)) {
        for (let i = 0; i < run.length; i += BATCH) yield await this.#files(folder, run.slice(i, i + BATCH));
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

  /** Files of a folder, sorted, as many at a time as are sorted at once; its folders are still to be walked. */
  async *#runsOf(folder: OpenFolder, dir: Dir): AsyncGenerator<readonly RawFile[]> {
    let sorter = new Sorter<RawFile>();
    let length = 0;
    for await (const raw of dir as unknown as AsyncIterable<RawEntry>) {
      const name = this.#fileName(folder, raw);
      if (name === undefined) continue;
      sorter.add([{ name }]);
      if (++length < RUN) continue;
      yield await sorter.sorted();
      [sorter, length] = [new Sorter(), 0];
    }
    yield await sorter.sorted();
  }

  async #files(folder: OpenFolder, files: readonly RawFile[]): Promise<StoredEntry[]> {
    const entries: StoredEntry[] = [];
    this.#readable = new Set();
    let next = 0;
    const work = async () => {
      for (let file = files[next++]; file; file = files[next++]) {
        const entry = await this.#file(`${folder.prefix}${file.name}`, `${folder.path}/${file.name}`);
        if (entry) entries.push(entry);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return entries;
  }

  /** The name of a file within its folder; undefined if it is left out, or a folder. */
  #fileName({ prefix }: OpenFolder, raw: RawEntry): string | undefined {
    const component = raw.name.toString('utf8');
    const name = prefix + component;
    const reason = reasonToLeaveOut(prefix, raw);
    if (reason !== undefined) this.#leftOut.add(reason, name);
    else if (raw.isDirectory()) this.#folders.push(name);
    else return component;
    return undefined;
  }

  async #file(name: string, path: string): Promise<StoredEntry | undefined> {
    let state: StoredState | undefined;
    try {
      const asked = statPath(path);
      const stats = 'then' in asked ? await asked : asked;
      if (!stats.isFile()) return undefined;
      state = stateOf(stats);
      if (this.#check.known(name, state.version) ?? (await this.#looksLikeImage(name))) {
        const entry = { name, ...state };
        if (isOwnersToRead(stats, this.#user)) this.#readable.add(entry);
        return entry;
      }
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
    const doubtful = (entry: StoredEntry) => !this.#readable.has(entry);
    return checkedEntries(entries, this.#location!.resolver, doubtful);
  }
}

/** The folder of a name, with its slash, and what comes after it. */
function splitName(name: string): [string, string] {
  const at = name.lastIndexOf('/') + 1;
  return [name.slice(0, at), name.slice(at)];
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
