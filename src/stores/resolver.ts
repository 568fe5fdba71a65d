import { constants, readlinkSync, type BigIntStats } from 'node:fs';
import { sep } from 'node:path';
import { systemCode } from '../errors';
import { nameFault } from '../names';
import { closeQuietly, openFile, statOpen } from '../files';
import { isFreeOfLinks, proveByKernel, proveByPath, type ProofOfPlace } from './proof-of-place';
import { notFound, refusal } from './refusal';

// O_NONBLOCK: opening a FIFO would otherwise wait for a writer, and block one of the few threads for ever.
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const READ_FOLDER = READ | constants.O_DIRECTORY;

/** How often a file that is replaced just while it is opened is opened anew. */
const MAX_TRIES = 20;

export interface Opened {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/** Decides, for every way in, which names lead to a file of the folder, and opens it. */
export class Resolver {
  readonly #root: string;
  readonly #prove: ProofOfPlace;

  /** `root` is an absolute path without symlinks. */
  constructor(root: string, prove: ProofOfPlace = hasProc() ? proveByKernel : proveByPath) {
    this.#root = root === '/' ? '' : root;
    this.#prove = prove;
  }

  /** Opens a regular file. Throws NOT_FOUND, UNREADABLE, BUSY. */
  async openFile(name: string): Promise<Opened> {
    const opened = await this.#open(name, this.#path(name), READ);
    if (opened.stats.isFile()) return opened;
    await closeQuietly(opened.fd);
    throw notFound(name);
  }

  /** Opens a folder; the empty name is the root. Throws as `openFile` does. */
  async openFolder(name: string): Promise<Opened> {
    return await this.#open(name, this.folderPath(name), READ_FOLDER);
  }

  folderPath(name: string): string {
    return name === '' ? this.#root || '/' : this.#path(name);
  }

  #path(name: string): string {
    if (nameFault(name) !== undefined) throw notFound(name);
    // Where "\" separates folders it could lead out of the root, and ":" to another drive or stream.
    if (sep === '\\' && /[\\:]/.test(name)) throw notFound(name);
    return `${this.#root}/${name}`;
  }

  async #open(name: string, path: string, flags: number): Promise<Opened> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const fd = await this.#openPath(name, path, flags);
      const stats = await this.#proven(name, path, fd);
      if (stats) return { fd, stats };
    }
    throw notFound(name);
  }

  async #openPath(name: string, path: string, flags: number): Promise<number> {
    try {
      return await openFile(path, flags);
    } catch (error) {
      const forbidden = systemCode(error) === 'EACCES';
      if (forbidden && !(await isFreeOfLinks(this.#root, path))) throw notFound(name);
      throw refusal(name, error);
    }
  }

  /** Undefined if the file was replaced since it was opened; `fd` is closed if nothing is returned. */
  async #proven(name: string, path: string, fd: number): Promise<BigIntStats | undefined> {
    try {
      const stats = statOpen(fd);
      const place = await this.#prove(fd, path, stats);
      if (place === 'here') return stats;
      if (place === 'elsewhere') throw notFound(name);
    } catch (error) {
      await closeQuietly(fd);
      throw systemCode(error) === undefined ? error : refusal(name, error);
    }
    await closeQuietly(fd);
    return undefined;
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
