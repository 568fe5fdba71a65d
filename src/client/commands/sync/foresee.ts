import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalError, ResoError } from '../../../errors';
import type { Doubtful } from '../../index/index-filter';
import type { DownloadResult } from '../../result';
import { askForState } from '../../transfer/foresee';
import { Target } from '../../transfer/target';
import type { SyncContext } from './context';

export type Foreseen = Pick<DownloadResult, 'outcome' | 'replaced' | 'sha256' | 'error' | 'code'>;

/** The result that an image would have. */
export async function foresee(context: SyncContext, one: Doubtful): Promise<Foreseen> {
  const { output, source } = context;
  const { name, entry, locked, looked } = one;
  const target = new Target(name, { output, pool: source.pool, overwrite: true }, locked);
  try {
    const identical = await target.lookForIdentical(entry, looked);
    if (identical) return { outcome: 'identical', sha256: identical.sha256 };
  } catch (error) {
    if (error instanceof LocalError) return failing(error);
    throw error;
  }
  return foreseeFree(context, one, target.isTaken);
}

/** The same if nothing is in its way. */
export async function foreseeFree(
  { source }: SyncContext,
  one: Doubtful,
  replaced = false,
): Promise<Foreseen> {
  try {
    const { sha256 } = await askForState(source.pool, one);
    return { outcome: 'downloaded', replaced, sha256 };
  } catch (error) {
    if (error instanceof ResoError && error.code === 'LOCKED') return failing(error);
    throw error;
  }
}

function failing(error: ResoError): Foreseen {
  return { outcome: 'failed', error, code: error.code };
}

/** Predicts which obstacles a deletion would clear away. */
export class Clearing {
  readonly #root: string;
  readonly #obstacles: ReadonlySet<string>;
  /** Files that are obstacles or are in one. */
  readonly #deleted = new Set<string>();

  constructor(root: string, obstacles: ReadonlySet<string>) {
    this.#root = root;
    this.#obstacles = obstacles;
  }

  /** Notes that the file of this name would be deleted. */
  delete(name: string): void {
    if (this.#isObstacle(name)) this.#deleted.add(name);
  }

  /** Call it when everything that would be deleted is known. */
  async clears(obstacle: string): Promise<boolean> {
    return this.#deleted.has(obstacle) || this.#empties(obstacle);
  }

  /** A folder is removed with the last file in it; one without files, or with something else in it, stays. */
  async #empties(folder: string): Promise<boolean> {
    const path = join(this.#root, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = `${folder}/${entry.name}`;
      const goes = entry.isDirectory() ? await this.#empties(name) : this.#deleted.has(name);
      if (!goes) return false;
    }
    return entries.length > 0;
  }

  #isObstacle(name: string): boolean {
    if (this.#obstacles.size === 0) return false;
    for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1)) {
      if (this.#obstacles.has(name.slice(0, end))) return true;
    }
    return false;
  }
}
