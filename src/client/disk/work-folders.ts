import { dirname } from 'node:path';
import { systemCode } from '../../errors';
import { checkWritable } from '../../files';
import { parentOf, type OutputFolder } from './output-folder';
import { baseFor, notWritable, WorkFolder } from './work-folder';

/** Most folders whose work folder is remembered; others are looked up again. */
const REMEMBERED = 10_000;

const UNWRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** The work folders of one download: just one, unless other file systems are mounted below the output folder. */
export class WorkFolders {
  readonly #output: OutputFolder;
  readonly #folders = new Map<string, WorkFolder>();
  /** By the images' folder. */
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
   * The work folder on the file system of the image's folder. Throws FOLDER, also if nothing can be written there or to the
   * image's own folder: then all affected images share one error, before their bytes are requested.
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

  /** Checks that the folder at `path`, or the nearest existing one above it, is writable. */
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
      // Any other problem, such as not being a folder, shows up when something is written there.
      if (code !== undefined && UNWRITABLE.has(code)) throw notWritable(path, cause);
    }
  }

  #at(base: string): WorkFolder {
    let folder = this.#folders.get(base);
    if (!folder) this.#folders.set(base, (folder = new WorkFolder(base)));
    return folder;
  }

  async leave(): Promise<void> {
    // Even if no image was written: an earlier run may have left something.
    this.#at(this.#output.root);
    for (const folder of this.#folders.values()) await folder.leave();
  }
}
