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

/** The final place of an image, and what already exists there. */
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
   * The image's state if it already exists there; undefined if it may be written there. `state` is what is known about the
   * image, `looked` what is known about the local file. Throws EXISTS.
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
      // A folder with this name on the server is not an image; only an image is in the way of one.
      await askState(pool, this.#name);
      throw this.#folderThere();
    }
    const identical = await this.#findIdentical(found, state);
    if (!identical && !overwrite) throw await this.#differs(found);
    return identical;
  }

  /** Whether something was there when it was checked. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** A file that has appeared in the meantime may be the same image, from another client. Throws EXISTS if it is not. */
  async keepOthers(state: ImageState | undefined): Promise<void> {
    const { output, overwrite } = this.#context;
    // A folder makes the rename fail by itself.
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

  /** If several spellings are the same name, it may be another image of the server. */
  async #differs(found: Stats): Promise<LocalError> {
    const { output } = this.#context;
    if (!(await hasOtherSpellings(output, this.#name, found))) return this.#fileThere();
    const spelling = await spellingOnDisk(output, this.#name).catch(() => undefined);
    if (spelling === this.#name) return this.#fileThere();
    const other = spelling === undefined ? 'that of another file' : `"${escapeForDisplay(spelling)}"`;
    const what = `On this file system the name clashes with ${other}, which already exists and differs.`;
    return new LocalError('EXISTS', `${what} Choose another output folder, or move that file away.`, {
      image: this.#name,
    });
  }

  #fileThere(): LocalError {
    const message =
      'A different file with this name already exists. Move it away, or replace it with --overwrite.';
    return new LocalError('EXISTS', message, { image: this.#name });
  }

  #folderThere(): LocalError {
    const message = 'A folder with this name already exists. Move it away.';
    return new InTheWay('EXISTS', message, this.#name, this.#name);
  }
}

/** The server's state of the image if the file at `path` is identical to it, by size and SHA-256. */
async function findIdentical(
  pool: Pool,
  name: string,
  path: string,
  found: Stats,
  known: ImageState | undefined,
): Promise<ImageState | undefined> {
  // Compare the sizes first: the server may have to read the image for its digest.
  const { size } = known ?? (await askState(pool, name));
  if (!found.isFile() || found.size !== size) return undefined;
  const proof = await askProof(pool, { name });
  if (!found.isFile() || found.size !== proof.size) return undefined;
  return (await hashFile(path, name, existing(found))) === proof.sha256 ? proof : undefined;
}

/** Whether the file at `path` is in the locked state; the server is not contacted. */
async function isInState(
  path: string,
  name: string,
  found: Stats,
  { size, sha256 }: LockedState,
): Promise<boolean> {
  return found.isFile() && found.size === size && (await hashFile(path, name, existing(found))) === sha256;
}

const existing = ({ size }: Stats) => ({ size, what: 'The existing file' });

/** An image whose bytes have all arrived. */
export interface Arrived {
  readonly name: string;
  /** All its bytes. */
  readonly incoming: Incoming;
  readonly target: Target;
  readonly state: ImageState | undefined;
  /** Hexadecimal: the image's known digest. */
  readonly sha256: string;
}

type PlacingContext = Pick<DownloadContext, 'durability' | 'nameLocks' | 'output' | 'overwrite'>;

/** Verifies an image that has arrived, and gives it its name. Throws DIGEST_MISMATCH, EXISTS, FOLDER and DISK. */
export function place(arrived: Arrived, context: PlacingContext): Promise<void> {
  if (context.overwrite) return placeNow(arrived, context);
  // Nothing may happen between checking the place and the rename, which no system call combines.
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
