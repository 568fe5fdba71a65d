import type { Stats } from 'node:fs';
import { LocalError } from '../../errors';
import { escapeForDisplay } from '../../names';
import type { ImageState } from '../../protocol';
import { InTheWay } from '../disk/disk-errors';
import { hashFile } from '../disk/hash-file';
import type { Incoming } from '../disk/incoming';
import type { Looked } from '../disk/local-files';
import { hasOtherSpellings, spellingOnDisk } from '../disk/spellings';
import { askProof, askState } from '../net/ask';
import type { Pool } from '../net/pool';
import type { LockedState } from '../plan/select';
import type { DownloadContext } from './context';
import { mismatch } from './failures';

/** The place where an image is to lie, and what lies there already. */
export class Target {
  readonly #name: string;
  readonly #context: Pick<DownloadContext, 'output' | 'overwrite' | 'pool'>;
  readonly #locked: LockedState | undefined;
  #isTaken = false;

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
    this.#isTaken = found !== undefined;
    if (!found) return undefined;
    if (found.isDirectory()) {
      // A folder of the server's by this name is no image; only an image is in the way of one.
      await askState(pool, this.#name);
      throw this.#folderThere();
    }
    const identical = await this.#findIdentical(found, state);
    if (!identical && !overwrite) throw await this.#differs(found);
    return identical;
  }

  /** Whether something lay there when that was looked at. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** What came to lie there meanwhile may be the same image, from another client. Throws EXISTS where it is not. */
  async keepOthers(state: ImageState | undefined): Promise<void> {
    const { output, overwrite } = this.#context;
    // A folder is in the way of the file by itself.
    if (overwrite) return;
    const found = await output.lookUp(this.#name);
    if (!found) return;
    if (found.isDirectory()) throw this.#folderThere();
    if (!(await this.#findIdentical(found, state))) throw await this.#differs(found);
  }

  async #findIdentical(found: Stats, state: ImageState | undefined): Promise<ImageState | undefined> {
    const path = this.#context.output.path(this.#name);
    if (!this.#locked) return findIdentical(this.#context.pool, this.#name, path, found, state);
    return (await isInState(path, this.#name, found, this.#locked)) ? state : undefined;
  }

  /** Where several spellings are one name, it may be another image of the server's. */
  async #differs(found: Stats): Promise<LocalError> {
    const { output } = this.#context;
    if (!(await hasOtherSpellings(output, this.#name, found))) return this.#fileThere();
    const spelling = await spellingOnDisk(output, this.#name).catch(() => undefined);
    if (spelling === this.#name) return this.#fileThere();
    const other =
      spelling === undefined ? 'may be that of another file' : `is "${escapeForDisplay(spelling)}"`;
    const what = `For this file system the name ${other}, which is there already and differs.`;
    return new LocalError('EXISTS', `${what} Choose another output folder, or move that one away.`, {
      image: this.#name,
    });
  }

  #fileThere(): LocalError {
    const message =
      'There is a different file of this name already. Move it away, or replace it with --overwrite.';
    return new LocalError('EXISTS', message, { image: this.#name });
  }

  #folderThere(): LocalError {
    const message = 'There is a folder of this name already. Move it away.';
    return new InTheWay('EXISTS', message, this.#name, this.#name);
  }
}

/** Whether the file at `path` is the image that the server has now, by size and SHA-256; its state if so. */
async function findIdentical(
  pool: Pool,
  name: string,
  path: string,
  found: Stats,
  known: ImageState | undefined,
): Promise<ImageState | undefined> {
  // Whether the size is another is asked first: for a digest the server may have to read the image.
  const { size } = known ?? (await askState(pool, name));
  if (!found.isFile() || found.size !== size) return undefined;
  const proof = await askProof(pool, { name });
  if (!found.isFile() || found.size !== proof.size) return undefined;
  return (await hashFile(path, name, existing(found))) === proof.sha256 ? proof : undefined;
}

/** Whether the file at `path` is in the state that a lock names; no server is asked. */
async function isInState(
  path: string,
  name: string,
  found: Stats,
  { size, sha256 }: LockedState,
): Promise<boolean> {
  return found.isFile() && found.size === size && (await hashFile(path, name, existing(found))) === sha256;
}

const existing = ({ size }: Stats) => ({ size, what: 'The file that is there already' });

/** An image of which all bytes have come. */
export interface Arrived {
  readonly name: string;
  /** All its bytes. */
  readonly incoming: Incoming;
  readonly target: Target;
  readonly state: ImageState | undefined;
  /** Hexadecimal: what the image is known to have. */
  readonly sha256: string;
}

type PlacingContext = Pick<DownloadContext, 'durability' | 'nameLocks' | 'output' | 'overwrite'>;

/** Proves what has arrived, and gives it its name. Throws DIGEST_MISMATCH, EXISTS, FOLDER and DISK. */
export function place(arrived: Arrived, context: PlacingContext): Promise<void> {
  if (context.overwrite) return placeNow(arrived, context);
  // Nothing may come between the look at what lies there and the rename, of which no system call makes one.
  return context.nameLocks.withLock(arrived.name, () => placeNow(arrived, context));
}

async function placeNow(arrived: Arrived, context: PlacingContext): Promise<void> {
  const { name, incoming, target, state, sha256 } = arrived;
  const { durability, output } = context;
  const digest = await incoming.digest();
  if (digest !== sha256) throw mismatch(name, sha256, digest);
  await output.makeParents(name);
  await target.keepOthers(state);
  await incoming.commit(output.path(name), durability !== undefined);
  await durability?.enter(name);
}
