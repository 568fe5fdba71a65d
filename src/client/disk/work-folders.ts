import { dirname } from 'node:path';
import { systemCode } from '../../errors';
import { checkWritable } from '../../files';
import { parentOf, type OutputFolder } from './output-folder';
import { baseFor, notWritable, WorkFolder } from './work-folder';

/** Folders whose place is remembered; beyond that they are looked at again. */
const REMEMBERED = 10_000;

const UNWRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** The work folders of one download: one, unless other file systems are mounted below the output folder. */
export class WorkFolders {
  readonly #output: OutputFolder;
  readonly #folders = new Map<string, WorkFolder>();
  /** By the folder that images lie in. */
  readonly #near = new Map<string, Promise<WorkFolder>>();
  /** By path. */
  readonly #checks = new Map<string, Promise<void>>();

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** The one on the file system of the output folder itself. */
  get root(): WorkFolder {
    return this.#at(this.#output.root);
  }

  /**
   * The work folder on the file system that the image belongs on. Throws FOLDER, also where nothing can be written there
   * or into the image's own folder: that is one error for all images that it concerns, and before their bytes come.
   */
  for(name: string): Promise<WorkFolder> {
    const parent = parentOf(name);
    let near = this.#near.get(parent);
    if (!near) {
      if (this.#near.size >= REMEMBERED) this.#near.clear();
      near = this.#lookFor(name);
      near.catch(() => this.#near.delete(parent));
      this.#near.set(parent, near);
    }
    return near;
  }

  async #lookFor(name: string): Promise<WorkFolder> {
    const parent = dirname(this.#output.path(name));
    const folder = this.#at(await baseFor(this.#output.root, parent));
    await this.#checkWritable(folder.path);
    await this.#checkWritable(parent);
    return folder;
  }

  /** Whether the folder at `path`, or the next one above that is there, can be written into. */
  #checkWritable(path: string): Promise<void> {
    let check = this.#checks.get(path);
    if (!check) {
      if (this.#checks.size >= REMEMBERED) this.#checks.clear();
      check = this.#check(path);
      check.catch(() => undefined);
      this.#checks.set(path, check);
    }
    return check;
  }

  async #check(path: string): Promise<void> {
    try {
      await checkWritable(path);
    } catch (cause) {
      const code = systemCode(cause);
      if (code === 'ENOENT' && path !== dirname(path)) return this.#checkWritable(dirname(path));
      // What else is wrong with it, or that it is no folder, is found out by whoever writes there.
      if (code !== undefined && UNWRITABLE.has(code)) throw notWritable(path, cause);
    }
  }

  #at(base: string): WorkFolder {
    let folder = this.#folders.get(base);
    if (!folder) this.#folders.set(base, (folder = new WorkFolder(base)));
    return folder;
  }

  async leave(): Promise<void> {
    // Also where no image came to be written: an earlier run may have left something.
    this.#at(this.#output.root);
    for (const folder of this.#folders.values()) await folder.leave();
  }
}
