import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FolderSyncs } from '../../files';
import { diskError } from './disk-errors';
import type { OutputFolder } from './output-folder';

/** Most folders remembered as entered; others are synced again. */
const REMEMBERED = 10_000;

/** Makes images survive a power failure: their bytes, their names in the folder, and the folder's own name. */
export class Durability {
  readonly #output: OutputFolder;
  readonly #folders = new FolderSyncs();
  /** Folders whose path is on the disk, or is being synced. */
  readonly #entered = new Map<string, Promise<void>>();

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** Resolves when the image's name and the folders above it are on the disk. Throws DISK. */
  async enter(name: string): Promise<void> {
    try {
      const folder = dirname(this.#output.path(name));
      await this.#enterFolder(folder);
      await this.#folders.sync(folder);
    } catch (cause) {
      throw diskError(cause, name);
    }
  }

  /** The same for an existing image: whoever wrote it may not have waited for the disk. Throws DISK. */
  async enterExisting(name: string): Promise<void> {
    try {
      const file = await open(this.#output.path(name), EXISTING);
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw diskError(cause, name);
    }
    await this.enter(name);
  }

  /** The same for the output folder itself, if it is created before any image. Throws DISK. */
  async enterRoot(): Promise<void> {
    try {
      await this.#enterFolder(this.#output.root);
    } catch (cause) {
      throw diskError(cause);
    }
  }

  /** Also for existing folders: a killed run may have created them just before. */
  #enterFolder(folder: string): Promise<void> {
    const entered = this.#entered.get(folder);
    if (entered) return entered;
    const entering = this.#syncAbove(folder).catch((cause: unknown) => {
      this.#entered.delete(folder);
      throw cause;
    });
    if (this.#entered.size >= REMEMBERED) this.#entered.clear();
    this.#entered.set(folder, entering);
    return entering;
  }

  async #syncAbove(folder: string): Promise<void> {
    const top = this.#output.top;
    for (let path = folder; path !== top && path !== dirname(path);) {
      path = dirname(path);
      await this.#folders.sync(path);
    }
  }
}

const EXISTING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
