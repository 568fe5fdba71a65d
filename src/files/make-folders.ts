import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './calls';

/**
 * Makes the folder at `path`, and those above it, as far as they are not there; links to folders count as such. Not
 * Node's own `recursive`: that goes round for ever where a file system says ENOENT to any folder (proc), and says ENOENT
 * where the truth is EROFS. Throws what the system says, and EEXIST or ENOTDIR where something else is in the way.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) return makeBelow(path);
    // A read-only file system, or one without rights, says so before it says that the folder is there.
    if (!(await isFolder(path))) throw error;
  }
}

/** The parent may have been made by another meanwhile, so `path` is tried again wherever that is there now. */
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
