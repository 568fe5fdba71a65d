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

/** Milliseconds for which it is taken for granted that the folder is where it was. */
const TRUSTED = 1000;

/** Where the served folder was found to be, from then until it is gone or another one. */
export interface Location {
  /** Absolute path without symlinks. */
  readonly root: string;
  readonly dev: bigint;
  /** How many there were before. */
  readonly number: number;
  readonly resolver: Resolver;
  readonly watch: FolderWatch;
}

/**
 * The folder that is served, where its path leads now. It may go away (renamed, its disk unmounted) and come back, be made
 * anew, or be another one, since a link leads elsewhere.
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

  /** Where it was found last. */
  get last(): Location | undefined {
    return this.#location;
  }

  /** Where it was found last, unless it was found to be away since. */
  get present(): Location | undefined {
    return this.#isAway ? undefined : this.#location;
  }

  /** Where it is, as of a second ago at most. Throws UNAVAILABLE. */
  recent(): Location | Promise<Location> {
    const isRecent = performance.now() - this.#looked < TRUSTED;
    return isRecent && !this.#isAway && this.#location ? this.#location : this.look();
  }

  /** Where it is now: the very location from before where nothing has become of it since. Throws UNAVAILABLE, BUSY. */
  async look(): Promise<Location> {
    this.#looked = performance.now();
    try {
      const root = await resolveLinks(this.#path);
      // Opened as well: that tells whether it may be read.
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

  /** It can't be used, because of `error`: what is to be thrown. It is told once. */
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

  /** Whether it is still there, and the very folder with this inode: to be asked while that one is held open. */
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

  /** After it was away everything may be another, also where it lies where it lay: it is watched anew. */
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
    if (before !== now) this.#onWarning(`The served folder ${path} leads to ${escapeForDisplay(now)} now.`);
    else if (this.#isAway) this.#onWarning(`The served folder ${path} can be read again.`);
  }
}

/** A disk that is unmounted leaves the empty folder behind on which it was mounted. */
class NotMounted extends Error {
  constructor() {
    super('it is empty, and on another file system than before: its disk may not be mounted');
  }
}

async function isEmpty(path: string): Promise<boolean> {
  for await (const { name } of await opendir(path)) if (!name.startsWith('.')) return false;
  return true;
}
