import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCause, LocalError, systemCode } from '../../errors';
import { compareNames, escapeForDisplay, hasImageExtension, isName } from '../../names';

/**
 * Names of the images below `root`, in byte order, one folder at a time. Links are not followed, hidden files and
 * folders not looked at. Nothing where there is no such folder.
 */
export async function* localImages(root: string, folder = ''): AsyncGenerator<string, void, undefined> {
  for (const { name, isFolder } of await childrenOf(root, folder)) {
    if (isFolder) yield* localImages(root, name);
    else if (hasImageExtension(name)) yield name;
  }
}

/** Bytes of a file that may have gone meanwhile. */
export async function sizeOf(root: string, name: string): Promise<number> {
  return (await stat(join(root, name)).catch(() => undefined))?.size ?? 0;
}

interface Child {
  /** Below the root. */
  readonly name: string;
  readonly isFolder: boolean;
}

async function childrenOf(root: string, folder: string): Promise<Child[]> {
  const entries = await entriesOf(join(root, folder));
  return entries
    .filter((entry) => entry.isDirectory() || entry.isFile())
    .map((entry) => ({
      name: folder === '' ? entry.name : `${folder}/${entry.name}`,
      isFolder: entry.isDirectory(),
    }))
    .filter(({ name }) => isName(name))
    .sort((a, b) => compareNames(sortKey(a), sortKey(b)));
}

/** What is in a folder `a` comes behind a file `a-b`, as names go. */
function sortKey({ name, isFolder }: Child): string {
  return isFolder ? `${name}/` : name;
}

async function entriesOf(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw new LocalError(
      'FOLDER',
      `The folder ${escapeForDisplay(path)} can't be read: ${describeCause(cause)}.`,
      { cause },
    );
  }
}
