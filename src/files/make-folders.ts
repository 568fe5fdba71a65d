import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './calls';

/**
 * Makes the folder at `path` and its missing parents; links to folders count as folders. Does not use Node's `recursive`:
 * that loops forever on a file system that answers ENOENT for every folder (proc), and reports ENOENT instead of EROFS.
 * Throws the system's error, EEXIST or ENOTDIR if something else is in the way.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) return makeBelow(path);
    // A read-only file system, or one without permission, reports that before it reports that the folder exists.
    if (!(await isFolder(path))) throw error;
  }
}

/** Another process may have made the parent in the meantime, so `path` is tried again whenever the parent exists. */
async function makeBelow(path: string): Promise<void> {
  const parent = dirname(path);
  if (!(await isFolder(parent))) await makeFolders(parent);
  await makeFolder(path).catch(async (error: unknown) => {
    if (!(await isFolder(path))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
