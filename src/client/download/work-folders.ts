import { dirname } from 'node:path';
import { parentOf, type OutputFolder } from './output-folder';
import { baseFor, WorkFolder } from './work-folder';

/** Folders whose place is remembered; beyond that they are looked at again. */
const REMEMBERED = 10_000;

/** The work folders of one download: one, unless other file systems are mounted below the output folder. */
export class WorkFolders {
  readonly #output: OutputFolder;
  readonly #folders = new Map<string, WorkFolder>();
  /** By the folder that images lie in. */
  readonly #near = new Map<string, Promise<WorkFolder>>();

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** The one on the file system of the output folder itself. */
  get root(): WorkFolder {
    return this.#at(this.#output.root);
  }

  /** The work folder on the file system that the image belongs on. Throws FOLDER. */
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
    return this.#at(await baseFor(this.#output.root, parent));
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
