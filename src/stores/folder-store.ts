import { access, constants, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeCause, LocalError } from '../errors';
import { prompt } from '../files';
import { globMatcher } from '../names';
import { stateOf } from './file-state';
import { FolderImage } from './folder-image';
import { FolderScan } from './folder-scan';
import { ImageCheck } from './image-check';
import type { ImageStore, Scan, StoredImage, StoredState } from './image-store';
import type { ProofOfPlace } from './proof-of-place';
import { notFound } from './refusal';
import type { Opened } from './resolver';
import { ServedFolder, type Location } from './served-folder';

/** System calls for reading a whole image: open, stat, prove the place, read, stat again, close. */
const CALLS = 6;

/** Images of which the version is remembered. */
const MOST_REMEMBERED = 10_000;

export interface FolderOptions {
  /** Told when the folder disappears, comes back, or is replaced by another one. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Valid globs: files with matching names are served too, whatever they contain. */
  readonly also?: readonly string[] | undefined;
  readonly prove?: ProofOfPlace | undefined;
}

/** The images in one folder of this machine. */
export class FolderStore implements ImageStore {
  readonly identity: string;
  readonly #folder: ServedFolder;
  readonly #check: ImageCheck;
  /** Versions in which images were last opened, by name. */
  readonly #opened = new Map<string, string>();

  /** `path` is absolute; `root` is the same with symlinks resolved. */
  constructor(
    path: string,
    { onWarning = () => undefined, also = [], prove }: FolderOptions = {},
    root = path,
  ) {
    this.identity = root;
    this.#folder = new ServedFolder(path, onWarning, prove);
    this.#check = new ImageCheck(also.length > 0 ? globMatcher(also) : undefined);
  }

  async open(name: string): Promise<StoredImage> {
    const recent = this.#folder.recent();
    const location = 'resolver' in recent ? recent : await recent;
    let opened: Opened;
    try {
      opened = await location.resolver.openFile(name);
    } catch (error) {
      opened = await this.#openElsewhere(name, location, error);
    }
    const image = new FolderImage(name, opened);
    try {
      if (this.#check.known(name, image.version) ?? (await this.#check.look(image))) return image;
    } catch (error) {
      await image.close();
      throw error;
    }
    await image.close();
    throw notFound(name);
  }

  async stat(name: string): Promise<StoredState> {
    const unchanged = this.#glance(name);
    if (unchanged) return unchanged;
    const image = await this.open(name);
    await image.close();
    const { size, mtime, version, changedAt } = image;
    this.#remember(name, version);
    return { size, mtime, version, changedAt };
  }

  readAtOnce(name: string, target: Buffer): StoredState | undefined {
    const { present } = this.#folder;
    return present && prompt.attempt(() => this.#readHere(present, name, target), CALLS);
  }

  /**
   * The state of an image if it has not changed since it was last opened; opening it again would cost several times as much.
   * A file with other permissions, or another file of the same name, has another version.
   */
  #glance(name: string): StoredState | undefined {
    const version = this.#opened.get(name);
    const location = version === undefined ? undefined : this.#folder.recent();
    if (!location || !('resolver' in location)) return undefined;
    const stats = prompt.attempt(() => location.resolver.glance(name), 1);
    const state = stats && stateOf(stats);
    return state?.version === version ? state : undefined;
  }

  #remember(name: string, version: string): void {
    if (this.#opened.size >= MOST_REMEMBERED) {
      const [oldest] = this.#opened.keys();
      this.#opened.delete(oldest!);
    }
    this.#opened.set(name, version);
  }

  #readHere({ resolver }: Location, name: string, target: Buffer): StoredState | undefined {
    const opened = resolver.openFileAtOnce(name);
    if (!opened) return undefined;
    const image = new FolderImage(name, opened);
    try {
      if (image.size > target.length) return undefined;
      const bytes = target.subarray(0, image.size);
      if (!image.readAll(bytes)) return undefined;
      const isImage = this.#check.known(name, image.version) ?? this.#check.lookAt(image, bytes);
      return isImage ? image : undefined;
    } finally {
      void image.close();
    }
  }

  scan(names?: readonly string[]): Scan {
    return new FolderScan(this, this.#folder, this.#check, names);
  }

  async look(): Promise<number> {
    return (await this.#folder.look()).number;
  }

  get changes(): number | undefined {
    return this.#folder.last?.watch.changes;
  }

  async changedFiles(since: number): Promise<readonly string[] | undefined> {
    const location = this.#folder.last;
    const names = location?.watch.since(since);
    for (const name of names ?? []) {
      const stats = await location!.resolver.lstat(name);
      if (stats?.isDirectory()) return undefined;
    }
    return names;
  }

  close(): void {
    this.#folder.close();
  }

  /** An image may be missing because the whole folder is, or because it was replaced by another one. */
  async #openElsewhere(name: string, location: Location, error: unknown): Promise<Opened> {
    const now = await this.#folder.look();
    if (now === location) throw error;
    return now.resolver.openFile(name);
  }
}

/** The folder may be a symlink itself. Throws FOLDER. */
export async function openFolder(path: string, options?: FolderOptions): Promise<FolderStore> {
  const root = await realpath(path).catch((cause: unknown) => {
    throw cannotServe(path, cause);
  });
  const found = await stat(root);
  if (!found.isDirectory()) throw new LocalError('FOLDER', `Can't serve ${path}: it is not a folder.`);
  await access(root, constants.R_OK | constants.X_OK).catch((cause: unknown) => {
    throw cannotServe(path, cause);
  });
  return new FolderStore(resolve(path), options, root);
}

function cannotServe(path: string, cause: unknown): LocalError {
  return new LocalError('FOLDER', `Can't serve the folder ${path}: ${describeCause(cause)}.`, { cause });
}
