import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { ResoError } from '../../errors';
import { statIfThere } from '../../files';
import type { OutputFolder } from '../download/output-folder';
import type { Looked } from '../download/select';

interface Folder {
  /** As it is in names, with a `/` behind it unless empty. */
  readonly name: string;
  readonly path: string;
  /** Whether it was there. */
  readonly isThere: boolean;
}

/** Looks local files up, quickly where names of one folder follow each other. */
export class LocalFiles {
  readonly #output: OutputFolder;
  /** The one that was looked at last, link by link. */
  #folder: Folder | undefined;

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** Undefined also where what lies there can't be looked at: whoever writes there will say why. */
  async find(name: string): Promise<Stats | undefined> {
    return (await this.#look(name, () => true))?.found;
  }

  /**
   * What lies there before something is written; undefined where that can't be looked at. A folder that was not there
   * for the name before is not looked into again: unless all is to be replaced anyway, what is put there meanwhile shows
   * before it would be.
   */
  look(name: string): Promise<Looked | undefined> {
    return this.#look(name, ({ isThere }) => isThere);
  }

  async #look(name: string, isWorthIt: (folder: Folder) => boolean): Promise<Looked | undefined> {
    const slash = name.lastIndexOf('/') + 1;
    try {
      const folder = await this.#enter(name.slice(0, slash), name);
      const found = isWorthIt(folder) ? await statIfThere(join(folder.path, name.slice(slash))) : undefined;
      return { found };
    } catch (error) {
      this.#folder = undefined;
      if (error instanceof ResoError || isOfSystem(error)) return undefined;
      throw error;
    }
  }

  async #enter(folder: string, name: string): Promise<Folder> {
    if (this.#folder?.name === folder) return this.#folder;
    const isThere = await this.#output.hasParents(name);
    this.#folder = { name: folder, path: join(this.#output.root, folder), isThere };
    return this.#folder;
  }
}

function isOfSystem(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}
