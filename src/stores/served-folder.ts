import { opendir } from 'node:fs/promises';
import { constants } from 'node:fs';
import { systemCode } from '../errors';
import { closeQuietly, openFile, resolveLinks, statPath } from '../files';
import { escapeForDisplay } from '../names';
import { FolderWatch } from './folder-watch';
import type { ProofOfPlace } from './proof-of-place';
import { isOutOfDescriptors, outOfDescriptors, unavailable, whyUnavailable } from './refusal';
import { Resolver } from './resolver';

const READ_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK;

/** Milliseconds for which the last check of the folder is trusted. */
const TRUSTED = 1000;

/** Where the served folder was found, valid until it disappears or is replaced. */
export interface Location {
  /** Absolute path without symlinks. */
  readonly root: string;
  readonly dev: bigint;
  /** How many locations there were before this one. */
  readonly number: number;
  readonly resolver: Resolver;
  readonly watch: FolderWatch;
}

/**
 * The served folder, wherever its path leads now. It may disappear (renamed, its disk unmounted) and come back, be
 * recreated, or be replaced by another one because a link was changed.
 */
export class ServedFolder {
  readonly #path: string;
  readonly #prove: ProofOfPlace | undefined;
  readonly #onWarning: (message: string) => void;
  #location: Location | undefined;
  #isAway = false;
  #looked = -Infinity;

  /** `path` is absolute. */
  constructor(path: string, onWarning: (message: string) => void, prove?: ProofOfPlace) {
    this.#path = path;
    this.#onWarning = onWarning;
    this.#prove = prove;
  }

  /** Where it was last found. */
  get last(): Location | undefined {
    return this.#location;
  }

  /** Where it was last found, unless it has been found missing since. */
  get present(): Location | undefined {
    return this.#isAway ? undefined : this.#location;
  }

  /** Where it is, checked at most a second ago. Throws UNAVAILABLE. */
  recent(): Location | Promise<Location> {
    const isRecent = performance.now() - this.#looked < TRUSTED;
    return isRecent && !this.#isAway && this.#location ? this.#location : this.look();
  }

  /** Where it is now: the same object as before if nothing has changed. Throws UNAVAILABLE, BUSY. */
  async look(): Promise<Location> {
    this.#looked = performance.now();
    try {
      const root = await resolveLinks(this.#path);
      // Opening it tells whether it may be read.
      await closeQuietly(await openFile(root, READ_FOLDER));
      const { dev } = await statPath(`${root}/.`);
      const last = this.#location;
      if (last && !this.#isAway && last.root === root && last.dev === dev) return last;
      if (last?.root === root && last.dev !== dev && (await isEmpty(root))) throw new NotMounted();
      return this.#found(root, dev);
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** Notes that the folder can't be used, because of `error`, and returns what to throw. Warns once. */
  failed(error: unknown): unknown {
    if (isOutOfDescriptors(error)) return outOfDescriptors(error);
    if (!(error instanceof NotMounted) && systemCode(error) === undefined) return error;
    if (!this.#isAway)
      this.#onWarning(
        `The served folder ${escapeForDisplay(this.#path)} ${whyUnavailable(error)}. Nothing is served until it can be read again.`,
      );
    this.#isAway = true;
    return unavailable(error);
  }

  /** Whether it is still there and has this inode: call it while that inode is held open. */
  async isStill(location: Location, ino: bigint): Promise<boolean> {
    const now = await this.look();
    if (now !== location) return false;
    try {
      return (await statPath(`${now.root}/.`)).ino === ino;
    } catch (error) {
      throw this.failed(error);
    }
  }

  close(): void {
    this.#location?.watch.close();
  }

  /** After it was away, everything may be different even at the same place: start a new watch. */
  #found(root: string, dev: bigint): Location {
    const last = this.#location;
    if (last) this.#tell(last.root, root);
    last?.watch.close();
    const number = last ? last.number + 1 : 0;
    const resolver = new Resolver(root, this.#prove);
    this.#location = { root, dev, number, resolver, watch: new FolderWatch(root) };
    this.#isAway = false;
    return this.#location;
  }

  #tell(before: string, now: string): void {
    const path = escapeForDisplay(this.#path);
    if (before !== now) this.#onWarning(`The served folder ${path} now leads to ${escapeForDisplay(now)}.`);
    else if (this.#isAway) this.#onWarning(`The served folder ${path} can be read again.`);
  }
}

/** Unmounting a disk leaves its empty mount point behind. */
class NotMounted extends Error {
  constructor() {
    super('it is empty and on a different file system than before; its disk may not be mounted');
  }
}

async function isEmpty(path: string): Promise<boolean> {
  for await (const { name } of await opendir(path)) if (!name.startsWith('.')) return false;
  return true;
}
