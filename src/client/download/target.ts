import type { Stats } from 'node:fs';
import { LocalError } from '../../errors';
import type { ImageState } from '../../protocol';
import type { DownloadContext } from './context';
import { askState } from '../ask';
import { findIdentical } from './existing';
import { isInState } from './locked';
import type { LockedState, Looked } from './select';

/** The place where an image is to lie, and what lies there already. */
export class Target {
  readonly #name: string;
  readonly #context: Pick<DownloadContext, 'output' | 'overwrite' | 'pool'>;
  readonly #locked: LockedState | undefined;

  constructor(
    name: string,
    context: Pick<DownloadContext, 'output' | 'overwrite' | 'pool'>,
    locked: LockedState | undefined,
  ) {
    this.#name = name;
    this.#context = context;
    this.#locked = locked;
  }

  /**
   * The image's state if it lies there already; undefined if it may be written there. `state` is what is known of it,
   * `looked` what is known to lie there. Throws EXISTS.
   */
  async lookForIdentical(
    state: ImageState | undefined,
    looked: Looked | undefined,
  ): Promise<ImageState | undefined> {
    const { output, overwrite, pool } = this.#context;
    const { found } = looked ?? { found: await output.lookUp(this.#name) };
    if (!found) return undefined;
    if (found.isDirectory()) {
      // A folder of the server's by this name is no image; only an image is in the way of one.
      await askState(pool, this.#name);
      throw this.#exists('a folder');
    }
    const identical = await this.#findIdentical(found, state);
    if (!identical && !overwrite) throw this.#exists('a different file');
    return identical;
  }

  /** What came to lie there meanwhile may be the same image, from another client. Throws EXISTS where it is not. */
  async keepOthers(state: ImageState | undefined): Promise<void> {
    const { output, overwrite } = this.#context;
    // A folder is in the way of the file by itself.
    if (overwrite) return;
    const found = await output.lookUp(this.#name);
    if (!found) return;
    if (found.isDirectory()) throw this.#exists('a folder');
    if (!(await this.#findIdentical(found, state))) throw this.#exists('a different file');
  }

  async #findIdentical(found: Stats, state: ImageState | undefined): Promise<ImageState | undefined> {
    const path = this.#context.output.path(this.#name);
    if (!this.#locked) return findIdentical(this.#context.pool, this.#name, path, found, state);
    return (await isInState(path, this.#name, found, this.#locked)) ? state : undefined;
  }

  #exists(what: string): LocalError {
    const advice = what === 'a folder' ? 'Move it away.' : 'Move it away, or replace it with --overwrite.';
    return new LocalError('EXISTS', `There is ${what} of this name already. ${advice}`, {
      image: this.#name,
    });
  }
}
