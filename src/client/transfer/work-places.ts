import type { DownloadContext } from './context';
import { parentOf } from '../disk/output-folder';
import type { WorkFolder } from '../disk/work-folder';

/** Most remembered folders; others are checked again. */
const REMEMBERED = 10_000;

/** Where images of a folder are written until they are verified: the work folder's path and the parts' owner. */
export interface WorkPlace {
  readonly folder: WorkFolder;
  readonly work: string;
  readonly owner: string;
}

/** The work places of all folders of a download. Creates the folders. */
export class WorkPlaces {
  readonly #context: Pick<DownloadContext, 'output' | 'work'>;
  readonly #byFolder = new Map<string, WorkPlace>();
  /** One per work folder, so that images of many folders share it. */
  readonly #byWork = new Map<string, WorkPlace>();

  constructor(context: Pick<DownloadContext, 'output' | 'work'>) {
    this.#context = context;
  }

  /**
   * The place for the image of this name, whose folder then exists; undefined if that fails. Returns a promise only for a
   * folder that is not known yet.
   */
  of(name: string): WorkPlace | undefined | Promise<WorkPlace | undefined> {
    const folder = parentOf(name);
    return this.#byFolder.get(folder) ?? this.#find(folder, name);
  }

  async #find(folder: string, name: string): Promise<WorkPlace | undefined> {
    const { output, work } = this.#context;
    try {
      const near = await work.for(name);
      await output.makeParents(name);
      const found = this.#at(near, await near.visit());
      if (this.#byFolder.size >= REMEMBERED) this.#byFolder.clear();
      this.#byFolder.set(folder, found);
      return found;
    } catch {
      // The regular path reports the reason.
      return undefined;
    }
  }

  #at(folder: WorkFolder, owner: string): WorkPlace {
    const work = folder.path;
    const key = `${work}\0${owner}`;
    const place = this.#byWork.get(key) ?? { folder, work, owner };
    this.#byWork.set(key, place);
    return place;
  }
}
