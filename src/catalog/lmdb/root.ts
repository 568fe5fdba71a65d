import { existsSync } from 'node:fs';
import type { Database, DatabaseOptions, RootDatabase } from 'lmdb';
import { makeFolders } from '../../files';
import { COMMIT_NOW, OPTIONS } from './check';
import { claimFile, firstFile, type Claim } from './claim';
import { fileIdentity, isGone, lockOf, moveAside, moveAsideIfDamaged, refuseFolders } from './damage';
import { refuseFullDisk, writeError, type Change } from './disk-space';
import { emptyNote, writeNote } from './note';

/** Names of tables, with the number of their format. A file with other numbers is recreated. */
export const IMAGES = 'image-digests-2';
export const BLOCKS = 'block-digests-2';

/** One for each kind of facts. */
export const FACTS = 'facts-1-';
/** One for each folder that was served with this state. */
export const ENTRIES = 'entries-2-';

/** The open file. Several processes of one namespace may have it open, and each may be killed at any time. */
export class LmdbRoot {
  readonly path: string;
  readonly #root: RootDatabase;
  readonly #claim: Claim;
  readonly #identity: string | undefined;

  constructor(root: RootDatabase, claim: Claim) {
    this.#root = root;
    this.#claim = claim;
    this.path = claim.path;
    this.#identity = fileIdentity(claim.path);
  }

  get tables(): readonly string[] {
    return namesIn(this.#root);
  }

  /** Opens, or makes, the table of this name. */
  table<V>(name: string, options: DatabaseOptions): Database<V, Buffer> {
    const open = () => this.#root.openDB<V, Buffer>({ name, ...options });
    // An existing one is not written to.
    return this.tables.includes(name) ? open() : this.write(open);
  }

  /**
   * Everything must be written within `make`, which must be synchronous. Throws if the disk has no room for `change`.
   */
  write<T>(make: () => T, change?: Change): T {
    refuseFullDisk(this.path, change);
    try {
      return this.#root.transactionSync(() => {
        emptyNote(this.path);
        return make();
      }, COMMIT_NOW);
    } catch (error) {
      throw writeError(error);
    }
  }

  async close(): Promise<void> {
    // Without the note the file is checked at the next start; that is all.
    await this.#note().catch(() => undefined);
    await this.#root.close();
    await this.#claim.release();
  }

  async #note(): Promise<void> {
    await writeNote(this.path, (call) =>
      this.#root.transactionSync(() => {
        // Another process may have moved our file aside. We know nothing about the one that is there now.
        if (fileIdentity(this.path) === this.#identity) call();
      }, COMMIT_NOW),
    );
  }
}

/**
 * Why what was known is not there: the file was damaged or not ours, and is kept beside the new one; it is gone; or
 * another container uses the first file, and this one is another.
 */
export type Loss = 'damaged' | 'gone' | 'taken';

/** Opens or creates the file in folder `state`. `onLoss` is called if it is not the one that was there. */
export async function openLmdbRoot(
  state: string,
  onLoss: (path: string, loss: Loss) => void,
): Promise<LmdbRoot> {
  await makeFolders(state);
  const claim = await claimFile(state);
  if (claim.path !== firstFile(state)) onLoss(claim.path, 'taken');
  try {
    return new LmdbRoot(await openClaimed(claim.path, onLoss), claim);
  } catch (error) {
    await claim.release();
    throw error;
  }
}

async function openClaimed(path: string, onLoss: (path: string, loss: Loss) => void): Promise<RootDatabase> {
  refuseFolders(path);
  if (isGone(path)) onLoss(path, 'gone');
  if (await moveAsideIfDamaged(path, [IMAGES, BLOCKS])) onLoss(path, 'damaged');
  const lmdb = await import('lmdb');
  const open = () => {
    if (!existsSync(lockOf(path))) refuseFullDisk(path);
    return lmdb.open({ path, ...OPTIONS });
  };
  let root = open();
  if (namesIn(root).some(isStrange)) {
    const found = fileIdentity(path)!;
    await root.close();
    if (moveAside(path, found)) onLoss(path, 'damaged');
    root = open();
  }
  return root;
}

function namesIn(root: RootDatabase): string[] {
  return [...root.getKeys()].map(String);
}

/** Whether a table belongs to another program, or to another version of this one. */
function isStrange(name: string): boolean {
  return name !== IMAGES && name !== BLOCKS && !name.startsWith(FACTS) && !name.startsWith(ENTRIES);
}
