import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { ResoError } from '../../errors';
import { statIfThere } from '../../files';
import type { OutputFolder } from '../download/output-folder';
import type { Looked } from '../download/select';

/** Looks local files up, quickly where names of one folder follow each other. */
export class LocalFiles {
  readonly #output: OutputFolder;
  /** The folder that was looked at last, link by link. */
  #parent: string | undefined;
  #path = '';

  constructor(output: OutputFolder) {
    this.#output = output;
  }

  /** Undefined also where what lies there can't be looked at: whoever writes there will say why. */
  async find(name: string): Promise<Stats | undefined> {
    return (await this.look(name))?.found;
  }

  /** Undefined where what lies there can't be looked at. */
  async look(name: string): Promise<Looked | undefined> {
    const slash = name.lastIndexOf('/');
    const parent = name.slice(0, slash + 1);
    try {
      if (parent === this.#parent) {
        return { found: await statIfThere(join(this.#path, name.slice(slash + 1))) };
      }
      const found = await this.#output.lookUp(name);
      const path = join(await this.#output.root(), parent);
      // Both at once: several may be looked up at the same time.
      this.#parent = parent;
      this.#path = path;
      return { found };
    } catch (error) {
      this.#parent = undefined;
      if (error instanceof ResoError || isOfSystem(error)) return undefined;
      throw error;
    }
  }
}

function isOfSystem(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}
