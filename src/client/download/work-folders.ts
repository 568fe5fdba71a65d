import { dirname } from 'node:path';
import type { OutputFolder } from './output-folder';
import { baseFor, WorkFolder } from './work-folder';

/** Folders whose place is remembered; beyond that they are looked at again. */
const REMEMBERED = 10_000;

/** The work folders of one download: one, unless other file systems are mounted below the output folder. */
export class WorkFolders {
  readonly #output: OutputFolder;
  readonly #folders = new Map<string, WorkFolder>();
  readonly #bases = new Map<string, Promise<string>>();

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** The work folder on the file system that the image belongs on. */
  async for(name: string): Promise<WorkFolder> {
    const base = await this.#baseOf(dirname(await this.#output.path(name)));
    return this.#at(base);
  }

  /** The one on the file system of the output folder itself. */
  async root(): Promise<WorkFolder> {
    return this.#at(await this.#output.root());
  }

  #at(base: string): WorkFolder {
    let folder = this.#folders.get(base);
    if (!folder) this.#folders.set(base, (folder = new WorkFolder(base)));
    return folder;
  }

  #baseOf(parent: string): Promise<string> {
    let base = this.#bases.get(parent);
    if (!base) {
      if (this.#bases.size >= REMEMBERED) this.#bases.clear();
      base = this.#output.root().then((root) => baseFor(root, parent));
      base.catch(() => this.#bases.delete(parent));
      this.#bases.set(parent, base);
    }
    return base;
  }

  async leave(): Promise<void> {
    // Also where no image came to be written: an earlier run may have left something.
    await this.root().catch(() => undefined);
    for (const folder of this.#folders.values()) await folder.leave();
  }
}
