import type { DownloadContext } from './context';
import { parentOf } from '../disk/output-folder';
import type { WorkFolder } from '../disk/work-folder';

/** Folders that are remembered; beyond that they are looked at again. */
const REMEMBERED = 10_000;

/** Where images of a folder are written until they are verified: the work folder's path, and whose parts they are. */
export interface WorkPlace {
  readonly folder: WorkFolder;
  readonly work: string;
  readonly owner: string;
}

/** The places of all folders that images of a download belong into, which are made on the way. */
export class WorkPlaces {
  readonly #context: Pick<DownloadContext, 'output' | 'work'>;
  readonly #byFolder = new Map<string, WorkPlace>();
  /** One for each work folder, so that images of many folders go together. */
  readonly #byWork = new Map<string, WorkPlace>();

  constructor(context: Pick<DownloadContext, 'output' | 'work'>) {
    this.#context = context;
  }

  /**
   * The place for the image of this name, whose folder is there then; undefined where that can't be had. A promise
   * only for a folder that is not known yet.
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
      // The ordinary way says why.
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
