import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareNames, isName } from '../../names';

/** Told of a folder that can't be read; what it throws ends the walk. */
export type OnUnreadable = (path: string, cause: unknown) => void;

/**
 * Regular files below `root` that could be images by their names, in byte order of the names: no hidden ones, no links.
 * Memory is taken for the names of the folders on the way to where it is. Folders that can't be read are passed over.
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
      // Nothing in it could be an image by its name otherwise.
      if (!isName(name.slice(0, -1))) continue;
      yield files;
      files = [];
      yield* walk(root, onUnreadable, name);
    } else if (isName(name)) files.push({ name });
  }
  yield files;
}

/** Folders end in `/`: so they stand where what is in them belongs. */
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
