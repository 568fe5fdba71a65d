import { closeQuietly, readFile, statOpen } from '../files';
import { stateOf } from './file-state';
import type { StoredImage } from './image-store';
import { unreadable } from './refusal';
import type { Opened } from './resolver';

/** An open file of the folder. */
export class FolderImage implements StoredImage {
  readonly size: number;
  readonly mtime: number;
  readonly version: string;
  readonly changedAt: number;
  readonly #name: string;
  readonly #fd: number;

  constructor(name: string, { fd, stats }: Opened) {
    const { size, mtime, version, changedAt } = stateOf(stats);
    this.size = size;
    this.mtime = mtime;
    this.version = version;
    this.changedAt = changedAt;
    this.#name = name;
    this.#fd = fd;
  }

  async read(target: Buffer, offset: number, length: number, position: number): Promise<number> {
    try {
      return await readFile(this.#fd, target, offset, length, position);
    } catch (error) {
      throw unreadable(this.#name, error);
    }
  }

  /** A file that was deleted or replaced has another ctime, for its number of links changed. */
  isUnchanged(): boolean {
    try {
      return stateOf(statOpen(this.#fd)).version === this.version;
    } catch (error) {
      throw unreadable(this.#name, error);
    }
  }

  close(): Promise<void> {
    return closeQuietly(this.#fd);
  }
}
