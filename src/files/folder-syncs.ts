import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** What a folder says that its file system can't write out by itself: there is nothing more to be done for it then. */
const NOT_SUPPORTED = 'EINVAL';

/**
 * Writes to the disk which files are in folders. One fsync that begins after several renames serves all of them: while
 * one runs, whoever comes waits for the next, together.
 */
export class FolderSyncs {
  readonly #sync: (folder: string) => Promise<void>;
  /** The last of each folder that runs or is to run. */
  readonly #last = new Map<string, Promise<void>>();
  /** Those of them that have not begun. */
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(sync: (folder: string) => Promise<void> = syncFolder) {
    this.#sync = sync;
  }

  /** Resolves when the disk has all that was made or renamed in `folder` before this call. */
  sync(folder: string): Promise<void> {
    const waiting = this.#waiting.get(folder);
    if (waiting) return waiting;
    const next = this.#after(this.#last.get(folder), folder);
    this.#waiting.set(folder, next);
    this.#last.set(folder, next);
    return next;
  }

  async #after(last: Promise<void> | undefined, folder: string): Promise<void> {
    await last?.catch(() => undefined);
    // From here on it may be too late for what is renamed.
    this.#waiting.delete(folder);
    try {
      await this.#sync(folder);
    } finally {
      if (!this.#waiting.has(folder)) this.#last.delete(folder);
    }
  }
}

/** Throws what the system says. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== NOT_SUPPORTED) throw error;
  } finally {
    await folder.close();
  }
}
