import { access, constants, realpath, stat } from 'node:fs/promises';
import { describeCause, LocalError } from '../errors';
import { globMatcher } from '../names';
import { FolderImage } from './folder-image';
import { FolderScan } from './folder-scan';
import { FolderWatch } from './folder-watch';
import { ImageCheck } from './image-check';
import type { ImageStore, Scan, StoredImage, StoredState } from './image-store';
import type { ProofOfPlace } from './proof-of-place';
import { notFound } from './refusal';
import { Resolver } from './resolver';
import { UnreadableReport } from './unreadable';

export interface FolderOptions {
  /** Hears of folders and images that can't be read any more. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Globs, which must be without fault: files of such names are served as well, whatever is in them. */
  readonly also?: readonly string[] | undefined;
  readonly prove?: ProofOfPlace | undefined;
}

/** The images of one folder of this machine. */
export class FolderStore implements ImageStore {
  /** Absolute path of the folder, without symlinks. */
  readonly root: string;
  readonly #resolver: Resolver;
  readonly #check: ImageCheck;
  readonly #watch: FolderWatch;
  readonly #report: UnreadableReport;

  constructor(root: string, { onWarning = () => undefined, also = [], prove }: FolderOptions = {}) {
    this.root = root;
    this.#check = new ImageCheck(also.length > 0 ? globMatcher(also) : undefined);
    this.#resolver = new Resolver(root, prove);
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

/** The folder may be a symlink itself. Throws FOLDER. */
export async function openFolder(path: string, options?: FolderOptions): Promise<FolderStore> {
  const root = await realpath(path).catch((cause: unknown) => {
    throw cannotServe(path, cause);
  });
  const found = await stat(root);
  if (!found.isDirectory()) throw new LocalError('FOLDER', `${path} can't be served: it is not a folder.`);
  await access(root, constants.R_OK | constants.X_OK).catch((cause: unknown) => {
    throw cannotServe(path, cause);
  });
  return new FolderStore(root, options);
}

function cannotServe(path: string, cause: unknown): LocalError {
  return new LocalError('FOLDER', `The folder ${path} can't be served: ${describeCause(cause)}.`, { cause });
}
