import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { describeCause, LocalError, ResoError, systemCode } from '../../errors';
import { makeFolders, namesIn, removeFile, removeFolder, statIfThere } from '../../files';
import { becomeOwner, newOwnerId, ownerLiveness, type Liveness, type Owner } from './owner';

export const WORK_FOLDER = '.reso';

/** Milliseconds without a write after which a partial counts as abandoned if its owner can't be asked. */
const GIVEN_UP = 60_000;

/** A partial's file and its note, both named after the image and their owner. */
const FILE_NAME = /^([0-9a-f]{32})\.([0-9a-z]+-[0-9a-f]{16})\.(part|json)$/;

/** An owner's socket; it is called `.new` until it answers. */
const SOCKET_NAME = /^([0-9a-z]+-[0-9a-f]{16})\.sock(?:\.new)?$/;

export interface Leftover {
  readonly key: string;
  readonly owner: string;
  readonly liveness: Liveness;
}

/** `.reso/` in or below an output folder, where images stay until they are verified. Created when needed. */
export class WorkFolder {
  readonly path: string;
  /** A visitor's id. Not the owner's: others may already know that nobody answers for it. */
  #id: string | undefined;
  #made: Promise<void> | undefined;
  #owner: Promise<Owner> | undefined;
  /** The owner, once it is known. */
  #entered: Owner | undefined;
  #leftovers: Promise<Map<string, Leftover>> | undefined;
  /** There are no leftovers, or all were claimed. */
  #isClean = false;
  #parts = 0;

  constructor(base: string) {
    this.path = join(base, WORK_FOLDER);
  }

  /** Creates the folder and registers this process as an owner in it, once. */
  enter(): Promise<Owner> {
    this.#owner ??= this.#becomeOwner().catch((cause: unknown) => {
      this.#owner = undefined;
      throw this.#unusable(cause);
    });
    return this.#owner;
  }

  /**
   * Creates the folder and returns an owner's id for which nobody may answer: for partials that exist only for a moment. If
   * another process removes one as a dead one's, `enter` and create it again.
   */
  async visit(): Promise<string> {
    if (this.#owner) return (await this.#owner).id;
    if (this.#id !== undefined) return this.#id;
    this.#made ??= this.make().catch((cause: unknown) => {
      this.#made = undefined;
      throw this.#unusable(cause);
    });
    await this.#made;
    return (this.#id ??= newOwnerId());
  }

  #unusable(cause: unknown): ResoError {
    return cause instanceof ResoError ? cause : notWritable(this.path, cause);
  }

  /** Creates the folder again, if it was removed. */
  async make(): Promise<void> {
    await makeFolders(this.path);
    const { path } = this;
    if ((await statIfThere(path))?.isDirectory()) return;
    throw new LocalError(
      'FOLDER',
      `${path} is a link, which is not followed. Remove it, or choose another output folder.`,
    );
  }

  async #becomeOwner(): Promise<Owner> {
    // Another process may remove the empty folder between the two steps.
    for (let tries = 0; ; tries++) {
      try {
        await this.make();
        return (this.#entered = await becomeOwner(this.path));
      } catch (cause) {
        if (systemCode(cause) !== 'ENOENT' || tries === 3) throw cause;
      }
    }
  }

  partPath(key: string, owner: string): string {
    return `${this.path}${sep}${key}.${owner}.part`;
  }

  /** A partial that exists only for a moment: nobody looks for it by its image. */
  newPart(owner: string): string {
    return this.partPath((this.#parts++).toString(16).padStart(32, '0'), owner);
  }

  notePath(key: string, owner: string): string {
    return join(this.path, `${key}.${owner}.json`);
  }

  get isClean(): boolean {
    return this.#isClean;
  }

  /** What an earlier run left of the image `name`, if its owner is gone. Returned only once. */
  async claim(name: string): Promise<Leftover | undefined> {
    const leftovers = await this.#findOnce();
    const key = workKey(name);
    const leftover = leftovers.get(key);
    leftovers.delete(key);
    this.#isClean = leftovers.size === 0;
    return leftover;
  }

  /**
   * Paths for this run's part of an image and the note beside it; undefined if an earlier run left something of it. Throws
   * FOLDER.
   */
  async pathsFor(name: string): Promise<{ part: string; note: string } | undefined> {
    const key = workKey(name);
    if (!this.#isClean) {
      const leftovers = await this.#findOnce();
      if (leftovers.has(key)) return undefined;
      this.#isClean = leftovers.size === 0;
    }
    const { id } = await this.enter();
    return { part: this.partPath(key, id), note: this.notePath(key, id) };
  }

  /** Lets `claim` return what this run itself left of an image through `pathsFor`. */
  putBack(name: string): void {
    const [key, { id }] = [workKey(name), this.#entered!];
    this.#isClean = false;
    this.#leftovers = this.#findOnce().then((found) => found.set(key, { key, owner: id, liveness: 'dead' }));
  }

  #findOnce(): Promise<Map<string, Leftover>> {
    this.#leftovers ??= this.#findLeftovers().catch((cause: unknown) => {
      this.#leftovers = undefined;
      throw this.#unusable(cause);
    });
    return this.#leftovers;
  }

  /** Leaves the folder, and removes it if it is empty. */
  async leave(): Promise<void> {
    const owner = await this.#owner;
    this.#owner = undefined;
    await owner?.release();
    // A run that found everything here has not looked for leftovers.
    if (!this.#leftovers) await this.#sweep(new Map()).catch(() => undefined);
    await removeFolder(this.path).catch(() => undefined);
  }

  async #findLeftovers(): Promise<Map<string, Leftover>> {
    const found = new Map<string, Leftover>();
    const livenesses = new Map<string, Liveness>();
    const names = new Set(await this.#names());
    if (names.size === 0) return found;
    for (const name of names) {
      const [, key, owner, kind] = FILE_NAME.exec(name) ?? [];
      if (key === undefined || owner === undefined) continue;
      const liveness = await this.#livenessOf(owner, livenesses);
      if (liveness === 'alive' || !(await this.#isGivenUp(name, liveness))) continue;
      // Without a note it can't be resumed.
      if (kind === 'part' && names.has(`${key}.${owner}.json`)) found.set(key, { key, owner, liveness });
    }
    await this.#sweep(livenesses);
    return found;
  }

  async #names(): Promise<string[]> {
    try {
      return await namesIn(this.path);
    } catch (cause) {
      if (systemCode(cause) === 'ENOENT') return [];
      throw notWritable(this.path, cause);
    }
  }

  async #isGivenUp(name: string, liveness: Liveness): Promise<boolean> {
    if (liveness === 'dead') return true;
    const stats = await stat(join(this.path, name)).catch(() => undefined);
    return stats !== undefined && Date.now() - stats.mtimeMs > GIVEN_UP;
  }

  async #livenessOf(owner: string, known: Map<string, Liveness>): Promise<Liveness> {
    const liveness = known.get(owner) ?? (await ownerLiveness(this.path, owner));
    known.set(owner, liveness);
    return liveness;
  }

  /** Removes leftovers of dead owners that nobody can resume: sockets, parts without a note, notes without a part. */
  async #sweep(livenesses: Map<string, Liveness>): Promise<void> {
    const names = new Set(await this.#names());
    for (const name of names) {
      if (!(await this.#isRubbish(name, names, livenesses))) continue;
      await removeFile(join(this.path, name)).catch(() => undefined);
    }
  }

  async #isRubbish(
    name: string,
    names: ReadonlySet<string>,
    livenesses: Map<string, Liveness>,
  ): Promise<boolean> {
    const [, listener] = SOCKET_NAME.exec(name) ?? [];
    if (listener !== undefined) return (await this.#livenessOf(listener, livenesses)) === 'dead';
    const [, key, owner, kind] = FILE_NAME.exec(name) ?? [];
    if (key === undefined || owner === undefined) return false;
    if (names.has(`${key}.${owner}.${kind === 'part' ? 'json' : 'part'}`)) return false;
    return (await this.#livenessOf(owner, livenesses)) === 'dead';
  }
}

/** The base name of an image's work files: the image's name itself may be too long or contain a `/`. */
export function workKey(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** The topmost folder between `root` and `parent` that is on the same file system as `parent`. Throws FOLDER. */
export async function baseFor(root: string, parent: string): Promise<string> {
  if (parent === root) return root;
  const device = await deviceOf(root);
  const own = await nearestDevice(root, parent);
  if (device === undefined || own === device) return root;
  let base = parent;
  while (base !== root && (await nearestDevice(root, dirname(base))) === own) base = dirname(base);
  return base;
}

async function nearestDevice(root: string, path: string): Promise<number | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const device = await deviceOf(folder);
    if (device !== undefined || folder === root) return device;
  }
}

async function deviceOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).dev;
  } catch (cause) {
    const code = systemCode(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw notWritable(path, cause);
  }
}

export function notWritable(path: string, cause: unknown): LocalError {
  return new LocalError(
    'FOLDER',
    `Can't write to ${path}: ${describeCause(cause)}. Choose another output folder, or make this one writable.`,
    { cause },
  );
}
