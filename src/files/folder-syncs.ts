import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Errors of file systems that can't fsync a folder: nothing more can be done then. */
const NOT_SUPPORTED = 'EINVAL';

/**
 * Makes renames durable by calling fsync on folders. One fsync covers all renames before it: callers that arrive while one
 * is running share the next one.
 */
export class FolderSyncs {
  readonly #sync: (folder: string) => Promise<void>;
  /** The latest fsync of each folder that is running or scheduled. */
  readonly #last = new Map<string, Promise<void>>();
  /** Those that have not started. */
  readonly #waiting = new Map<string, Promise<void>>();

  constructor(sync: (folder: string) => Promise<void> = syncFolder) {
    this.#sync = sync;
  }

  /** Resolves when everything that was created or renamed in `folder` before this call is on the disk. */
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
    // From here on it may miss new renames.
    this.#waiting.delete(folder);
    try {
      await this.#sync(folder);
    } finally {
      if (!this.#waiting.has(folder)) this.#last.delete(folder);
    }
  }
}

/** Throws the system's error. */
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
