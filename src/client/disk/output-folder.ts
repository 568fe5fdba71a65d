import type { Stats } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describeCause, LocalError, ResoError, systemCode } from '../../errors';
import { makeFolder, makeFolders, resolveLinks, statIfThere } from '../../files';
import { escapeForDisplay, nameFault } from '../../names';
import { InTheWay } from './disk-errors';

/** Most parents remembered as created; others are checked again. */
const REMEMBERED = 10_000;

/**
 * The folder that images are written to. Every name is checked here, component by component: whatever already exists
 * there, including links, must not lead out of the folder.
 */
export class OutputFolder {
  /** Its path, with links resolved if it exists. */
  readonly root: string;
  /** The deepest folder that existed before anything was created: this one, or one above it. */
  readonly top: string;
  /** Folders that exist or are being created: hundreds of images may need one at the same time. */
  readonly #made = new Map<string, Promise<void>>();
  /** Those that exist. */
  readonly #ready = new Set<string>();
  /** Paths of checked names: each is needed several times while its image is downloaded. */
  readonly #paths = new Map<string, string>();

  /** Names contain no `.` or `..`, so they can be appended to this; `join` would cost more than everything else. */
  readonly #prefix: string;

  private constructor(root: string, top: string) {
    this.root = root;
    this.#prefix = root.endsWith(sep) ? root : `${root}${sep}`;
    this.top = top;
  }

  /** The folder at `path`, which need not exist. Throws FOLDER. */
  static async open(path: string): Promise<OutputFolder> {
    const given = resolve(path);
    const root = await resolveLinks(given).catch((cause: unknown) => {
      if (systemCode(cause) !== 'ENOENT') throw folderError(given, cause);
    });
    if (root === undefined) {
      const top = await nearestThere(given);
      if ((await lstatIfThere(top))?.isSymbolicLink() && !(await leadsSomewhere(top))) throw deadLink(top);
      return new OutputFolder(given, top);
    }
    await checkFolder(root, root);
    return new OutputFolder(root, root);
  }

  /** Where the image of this name belongs. Throws NOT_FOUND for an invalid name. */
  path(name: string): string {
    return this.#paths.get(name) ?? this.#check(name);
  }

  #check(name: string): string {
    const fault = nameFault(name);
    if (fault !== undefined) {
      throw new ResoError('NOT_FOUND', `This is not a valid image name: ${fault}.`, { image: name });
    }
    const path = `${this.#prefix}${name}`;
    if (this.#paths.size >= REMEMBERED) this.#paths.clear();
    this.#paths.set(name, path);
    return path;
  }

  /** Stats of the image's place, without following links; undefined if nothing is there. Throws FOLDER. */
  lookUp(name: string): Promise<Stats | undefined> {
    const path = this.path(name);
    return this.hasMade(name) ? lstatIfThere(path) : this.#lookFromRoot(name, path);
  }

  async #lookFromRoot(name: string, path: string): Promise<Stats | undefined> {
    return (await this.hasParents(name)) ? lstatIfThere(path) : undefined;
  }

  /** Creates the folders for the image. Throws FOLDER. */
  makeParents(name: string): Promise<void> {
    const parent = parentOf(name);
    const made = this.#made.get(parent);
    if (made) return made;
    const making = this.#make(parent).catch((cause: unknown) => {
      this.#made.delete(parent);
      throw cause;
    });
    if (this.#made.size >= REMEMBERED) this.#forget();
    this.#made.set(parent, making);
    return making;
  }

  #forget(): void {
    this.#made.clear();
    this.#ready.clear();
  }

  async #make(folder: string): Promise<void> {
    let path = this.root;
    await makeFolders(path).catch((cause: unknown) => {
      throw folderError(path, cause);
    });
    for (const part of partsOf(folder)) {
      path = join(path, part);
      await checkFolder(path, this.root);
      await makeFolderOnce(path);
    }
    this.#ready.add(folder);
  }

  /** Whether `makeParents` has already created or found the folders for the image. */
  hasMade(name: string): boolean {
    return this.#ready.has(parentOf(name));
  }

  /** Whether the folders for the image exist. Throws FOLDER if a link or anything else is in the way. */
  async hasParents(name: string): Promise<boolean> {
    const parent = parentOf(name);
    if (parent === '' || this.#made.has(parent)) return true;
    let path = this.root;
    for (const part of partsOf(parent)) {
      path = join(path, part);
      if (!(await checkFolder(path, this.root))) return false;
    }
    return true;
  }
}

async function nearestThere(path: string): Promise<string> {
  const isThere = await lstatIfThere(path).catch(() => undefined);
  return isThere || path === dirname(path) ? path : nearestThere(dirname(path));
}

async function leadsSomewhere(link: string): Promise<boolean> {
  return (await resolveLinks(link).catch(() => undefined)) !== undefined;
}

/** The folder part of an image's name; empty for the root. */
export function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

function partsOf(folder: string): string[] {
  return folder === '' ? [] : folder.split('/');
}

/** Whether there is a folder at `path`, in `root`; false if nothing is there. Throws FOLDER for a link or anything else. */
async function checkFolder(path: string, root: string): Promise<boolean> {
  const stats = await lstatIfThere(path);
  if (!stats) return false;
  if (stats.isDirectory()) return true;
  const isLink = stats.isSymbolicLink();
  const what = isLink ? 'a link, which is not followed' : 'not a folder';
  const message = `${escapeForDisplay(path)} is ${what}. Move it away, or choose another output folder.`;
  if (isLink || path === root) throw new LocalError('FOLDER', message);
  throw new InTheWay('FOLDER', message, relative(root, path).split(sep).join('/'));
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await statIfThere(path);
  } catch (cause) {
    throw folderError(path, cause);
  }
}

async function makeFolderOnce(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return;
    throw folderError(path, cause);
  }
}

function deadLink(path: string): LocalError {
  const advice = 'Mount or create its target, or choose another output folder.';
  return new LocalError('FOLDER', `${escapeForDisplay(path)} is a broken link. ${advice}`);
}

function folderError(path: string, cause: unknown): LocalError {
  return new LocalError(
    'FOLDER',
    `Can't use the folder ${escapeForDisplay(path)}: ${describeCause(cause)}. Choose another output folder, or make this one writable.`,
    { cause },
  );
}
