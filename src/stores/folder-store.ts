import { access, constants, realpath, stat } from 'node:fs/promises';
import { describeCause, LocalError } from '../errors';
import { prompt } from '../files';
import { FolderImage } from './folder-image';
import { FolderScan } from './folder-scan';
import { FolderWatch } from './folder-watch';
import { ImageCheck } from './image-check';
import type { ImageStore, Scan, StoredImage, StoredState } from './image-store';
import { notFound } from './refusal';
import { Resolver } from './resolver';
import { UnreadableReport } from './unreadable';

/** That reading a whole image takes: open, look, prove, read, look again, close. */
const CALLS = 6;

type Warn = (message: string) => void;

/** The images of one folder of this machine. */
export class FolderStore implements ImageStore {
  /** Absolute path of the folder, without symlinks. */
  readonly root: string;
  readonly #resolver: Resolver;
  readonly #check = new ImageCheck();
  readonly #watch: FolderWatch;
  readonly #report: UnreadableReport;

  /** `onWarning` hears of folders and images that can't be read any more. */
  constructor(root: string, resolver = new Resolver(root), onWarning: Warn = () => undefined) {
    this.root = root;
    this.#resolver = resolver;
    this.#watch = new FolderWatch(root);
    this.#report = new UnreadableReport(root, onWarning);
  }

  get identity(): string {
    return this.root;
  }

  async open(name: string): Promise<StoredImage> {
    const image = new FolderImage(name, await this.#resolver.openFile(name));
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
    const image = await this.open(name);
    await image.close();
    const { size, mtime, version, changedAt } = image;
    return { size, mtime, version, changedAt };
  }

  readAtOnce(name: string, target: Buffer): StoredState | undefined {
    return prompt.attempt(() => this.#readHere(name, target), CALLS);
  }

  #readHere(name: string, target: Buffer): StoredState | undefined {
    const opened = this.#resolver.openFileAtOnce(name);
    if (!opened) return undefined;
    const image = new FolderImage(name, opened);
    try {
      if (image.size > target.length) return undefined;
      const bytes = target.subarray(0, image.size);
      image.readAll(bytes);
      const isImage = this.#check.known(name, image.version) ?? this.#check.lookAt(image, bytes);
      if (isImage) return image;
    } finally {
      void image.close();
    }
    throw notFound(name);
  }

  scan(): Scan {
    return new FolderScan(this, this.#resolver, this.#check, this.#watch, this.#report);
  }

  get changes(): number | undefined {
    return this.#watch.changes;
  }

  close(): void {
    this.#watch.close();
  }
}

/** The folder may be a symlink itself. `onWarning` hears of what can't be read any more. Throws FOLDER. */
export async function openFolder(path: string, onWarning?: Warn): Promise<FolderStore> {
  const root = await realpath(path).catch((cause: unknown) => {
    throw cannotServe(path, cause);
  });
  const found = await stat(root);
  if (!found.isDirectory()) throw new LocalError('FOLDER', `${path} can't be served: it is not a folder.`);
  await access(root, constants.R_OK | constants.X_OK).catch((cause: unknown) => {
    throw cannotServe(path, cause);
  });
  return new FolderStore(root, undefined, onWarning);
}

function cannotServe(path: string, cause: unknown): LocalError {
  return new LocalError('FOLDER', `The folder ${path} can't be served: ${describeCause(cause)}.`, { cause });
}
