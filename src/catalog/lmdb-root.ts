import { join } from 'node:path';
import type { RootDatabase, TransactionFlags } from 'lmdb';
import { makeFolders } from '../files';
import { noteClosed, noteOpened } from './lmdb-check';
import { moveAside, moveAsideIfDamaged } from './lmdb-file';

/** Flags of LMDB: commit before the call returns, and let the disk follow. */
export const COMMIT_NOW_FLUSH_LATER = 0x10002 as TransactionFlags;

/** Names of tables; the number is that of their format: a file that holds another one is made anew. */
export const IMAGES = 'image-digests-2';
export const BLOCKS = 'block-digests-2';
/** One for each folder that was served with this state. */
export const ENTRIES = 'entries-2-';

/** More than anybody serves from one state folder. */
const MOST_TABLES = 64;

export interface LmdbRoot {
  readonly root: RootDatabase;
  close(): Promise<void>;
}

/** Opens, or makes, the file in folder `state`. `onDamage` hears of one that was damaged, or not ours, and is made anew. */
export async function openLmdbRoot(state: string, onDamage: (path: string) => void): Promise<LmdbRoot> {
  await makeFolders(state);
  const path = join(state, 'catalog.lmdb');
  if (await moveAsideIfDamaged(path, [IMAGES, BLOCKS])) onDamage(path);
  await noteOpened(path);
  const { open } = await import('lmdb');
  const openHere = () => open({ path, noSubdir: true, maxDbs: MOST_TABLES });
  let root = openHere();
  if (hasStrangers(root)) {
    await root.close();
    await moveAside(path);
    onDamage(path);
    root = openHere();
  }
  const close = async () => {
    await root.close();
    await noteClosed(path);
  };
  return { root, close };
}

/** Whether there are tables that are not ours: of another program, or of another version of this one. */
function hasStrangers(root: RootDatabase): boolean {
  for (const key of root.getKeys()) {
    const name = String(key);
    if (name !== IMAGES && name !== BLOCKS && !name.startsWith(ENTRIES)) return true;
  }
  return false;
}
