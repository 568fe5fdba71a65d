import { existsSync, readSync, type BigIntStats } from 'node:fs';
import { closeQuietly, readFile, statOpen } from '../files';
import { isSameState, stateOf } from './file-state';
import type { StoredImage } from './image-store';
import { unreadable } from './refusal';
import type { Opened } from './resolver';

/** Where the kernel shows open files to other processes. */
const hasProc = existsSync('/proc/self/fd');

/** An open file of the folder. */
export class FolderImage implements StoredImage {
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  readonly changedAt: number;
  readonly #name: string;
  readonly #fd: number;
  readonly #stats: BigIntStats;

  constructor(name: string, { fd, stats }: Opened) {
    const { size, mtime, version, changedAt } = stateOf(stats);
    this.size = size;
    this.mtime = mtime;
    this.version = version;
    this.changedAt = changedAt;
    this.#name = name;
    this.#fd = fd;
    this.#stats = stats;
  }

  get path(): string | undefined {
    return hasProc ? `/proc/${process.pid}/fd/${this.#fd}` : undefined;
  }

  read(target: Buffer, offset: number, length: number, position: number): number | Promise<number> {
    const refuse = (error: unknown) => Promise.reject(unreadable(this.#name, error));
    try {
      const read = readFile(this.#fd, target, offset, length, position);
      return typeof read === 'number' ? read : read.catch(refuse);
    } catch (error) {
      return refuse(error);
    }
  }

  /** Reads the whole file into `target`, which has its size, with synchronous calls; returns whether it is unchanged then. */
  readAll(target: Buffer): boolean {
    try {
      for (let done = 0; done < target.length;) {
        const read = readSync(this.#fd, target, done, target.length - done, done);
        if (read === 0) return false;
        done += read;
      }
      return this.isUnchanged();
    } catch {
      return false;
    }
  }

  /** A file that was deleted or replaced has a new ctime, because its link count changed. */
  isUnchanged(): boolean {
    try {
      return isSameState(statOpen(this.#fd), this.#stats);
    } catch (error) {
      throw unreadable(this.#name, error);
    }
  }

  close(): Promise<void> {
    return closeQuietly(this.#fd);
  }
}
