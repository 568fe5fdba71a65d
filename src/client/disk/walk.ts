import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareNames, isName } from '../../names';

/** Called for a folder that can't be read; if it throws, the walk ends. */
export type OnUnreadable = (path: string, cause: unknown) => void;

/**
 * Regular files below `root` whose names could be those of images, in byte order, without hidden files and links. Keeps
 * only the entries of the folders on the current path in memory. Skips folders that can't be read.
 */
export async function* walk(
  root: string,
  onUnreadable: OnUnreadable = () => undefined,
  below = '',
): AsyncGenerator<readonly { name: string }[], void, undefined> {
  let files: { name: string }[] = [];
  for (const entry of await entriesOf(root, below, onUnreadable)) {
    const name = below + entry;
    if (entry.endsWith('/')) {
      // Otherwise nothing in it could have a valid image name.
      if (!isName(name.slice(0, -1))) continue;
      yield files;
      files = [];
      yield* walk(root, onUnreadable, name);
    } else if (isName(name)) files.push({ name });
  }
  yield files;
}

/** Folders end in `/`, so that they are sorted where their contents belong. */
async function entriesOf(root: string, below: string, onUnreadable: OnUnreadable): Promise<string[]> {
  const entries: string[] = [];
  try {
    for await (const entry of await opendir(join(root, below))) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) entries.push(`${entry.name}/`);
      else if (entry.isFile()) entries.push(entry.name);
    }
  } catch (cause) {
    onUnreadable(join(root, below, '.'), cause);
    return [];
  }
  return entries.sort(compareNames);
}
