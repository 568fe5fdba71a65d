import { constants, lstatSync, openSync, readlinkSync, type BigIntStats, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { sep } from 'node:path';
import { systemCode, type ProtocolError } from '../errors';
import { nameFault } from '../names';
import { closeQuietly, openFile, statOpen } from '../files';
import { isFreeOfLinks, proveByKernel, proveByPath, type ProofOfPlace } from './proof-of-place';
import { notFound, refusal } from './refusal';

// O_NONBLOCK: opening a FIFO would otherwise wait for a writer, and block one of the few threads forever.
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const READ_FOLDER = READ | constants.O_DIRECTORY;

/** How often opening is retried if the file is replaced in the middle of it. */
const MAX_TRIES = 20;

export interface Opened {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/** The one place that decides which names lead to a file in the folder, and opens it. */
export class Resolver {
  readonly #root: string;
  readonly #prove: ProofOfPlace;

  /** `root` is an absolute path without symlinks. */
  constructor(root: string, prove: ProofOfPlace = hasProc() ? proveByKernel : proveByPath) {
    this.#root = root === '/' ? '' : root;
    this.#prove = prove;
  }

  /** Opens a regular file. Throws NOT_FOUND, UNREADABLE, BUSY. */
  openFile(name: string): Promise<Opened> {
    return this.#open(name, 'file');
  }

  /** The same with synchronous calls. Undefined if there is no such file or it needs a closer look: `openFile` says why. */
  openFileAtOnce(name: string): Opened | undefined {
    let fd: number | undefined;
    try {
      const path = this.path(name);
      fd = openSync(path, READ);
      const stats = statOpen(fd);
      if (this.#prove(fd, path, stats) === 'here' && stats.isFile()) return { fd, stats };
    } catch {
      // Opening it reports the reason.
    }
    if (fd !== undefined) void closeQuietly(fd);
    return undefined;
  }

  /**
   * Stats of the regular file of this name, without opening it. Undefined if there is none, or a symlink on the way. Folders
   * may be swapped in the middle of it, so this proves the place only of a file that was opened in this very state before.
   */
  glance(name: string): BigIntStats | undefined {
    try {
      const path = this.path(name);
      for (let at = this.#root.length + 1; (at = path.indexOf('/', at)) !== -1; at++)
        if (!lstatSync(path.slice(0, at)).isDirectory()) return undefined;
      const stats = lstatSync(path, { bigint: true });
      return stats.isFile() ? stats : undefined;
    } catch {
      return undefined;
    }
  }

  /** Opens a folder; the empty name is the root. Throws as `openFile` does. */
  openFolder(name: string): Promise<Opened> {
    return this.#open(name, 'folder');
  }

  folderPath(name: string): string {
    return name === '' ? this.#root || '/' : this.path(name);
  }

  /** What has this name, be it served or not; undefined if nothing can be found out. */
  async lstat(name: string): Promise<Stats | undefined> {
    return nameFault(name) === undefined ? lstat(this.path(name)).catch(() => undefined) : undefined;
  }

  /** Throws NOT_FOUND. */
  path(name: string): string {
    if (nameFault(name) !== undefined) throw notFound(name);
    // If "\" separates folders, it could lead out of the root, and ":" to another drive or stream.
    if (sep === '\\' && /[\\:]/.test(name)) throw notFound(name);
    return `${this.#root}/${name}`;
  }

  // One long function, because every additional await costs time for every image delivered.
  async #open(name: string, kind: 'file' | 'folder'): Promise<Opened> {
    const [path, flags] = kind === 'file' ? [this.path(name), READ] : [this.folderPath(name), READ_FOLDER];
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      let fd: number | undefined;
      try {
        fd = await openFile(path, flags);
        const stats = statOpen(fd);
        const place = await this.#prove(fd, path, stats);
        if (place === 'here' && (kind === 'folder' || stats.isFile())) return { fd, stats };
        if (place !== 'gone') throw notFound(name);
      } catch (error) {
        if (fd === undefined) throw await this.#unopened(name, path, error);
        await closeQuietly(fd);
        throw systemCode(error) === undefined ? error : refusal(name, error);
      }
      // It was replaced after it was opened.
      await closeQuietly(fd);
    }
    throw notFound(name);
  }

  /** Why nothing could be opened at `path`. */
  async #unopened(name: string, path: string, cause: unknown): Promise<ProtocolError> {
    const isForbidden = systemCode(cause) === 'EACCES';
    return isForbidden && !(await isFreeOfLinks(this.#root, path)) ? notFound(name) : refusal(name, cause);
  }
}

export function hasProc(): boolean {
  try {
    return readlinkSync('/proc/self/fd/0') !== '';
  } catch (error) {
    // ENOENT can also mean that standard input is closed; then /proc/self must still be there.
    return systemCode(error) === 'ENOENT' && hasProcSelf();
  }
}

function hasProcSelf(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid);
  } catch {
    return false;
  }
}
