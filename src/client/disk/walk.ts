import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareNames, isName } from '../../names';

/**
 * Regular files below `root` that could be images by their names, in byte order of the names: no hidden ones, no links.
 * Memory is taken for the names of the folders on the way to where it is. Folders that can't be read are passed over.
 */
export async function* walk(
  root: string,
  below = '',
): AsyncGenerator<readonly { name: string }[], void, undefined> {
  let files: { name: string }[] = [];
  for (const entry of await entriesOf(root, below)) {
    const name = below + entry;
    if (entry.endsWith('/')) {
      yield files;
      files = [];
      yield* walk(root, name);
    } else if (isName(name)) files.push({ name });
  }
  yield files;
}

/** Folders end in `/`: so they stand where what is in them belongs. */
async function entriesOf(root: string, below: string): Promise<string[]> {
  const entries: string[] = [];
  try {
    for await (const entry of await opendir(join(root, below))) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) entries.push(`${entry.name}/`);
      else if (entry.isFile()) entries.push(entry.name);
    }
  } catch {
    return [];
  }
  return entries.sort(compareNames);
}
