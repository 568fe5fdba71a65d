import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { lookAt } from './look-at';

/** Whether the file `found` at `name` below `root` is found under another spelling of its name as well. */
export async function hasOtherSpellings(root: string, name: string, found: Stats): Promise<boolean> {
  const looked = await lookAt(otherSpellings(name).map((other) => join(root, other)));
  return looked.some((one) => one?.found !== undefined && isSameFile(one.found, found));
}

/** Not by its inode: FUSE gives each spelling one of its own. */
export function isSameFile(one: Stats, other: Stats): boolean {
  if (one.size !== other.size || one.mode !== other.mode) return false;
  return one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs;
}

/** Of each part apart: what ignores case may begin, or end, at a folder in between. */
export function otherSpellings(name: string): readonly string[] {
  const parts = name.split('/');
  const spellings = parts.flatMap((part, at) =>
    [swapCase(part), part.normalize('NFC'), part.normalize('NFD')].map((other) =>
      parts.with(at, other).join('/'),
    ),
  );
  return [...new Set(spellings)].filter((other) => other !== name);
}

/** Of the letters that every file system knows; of all where there are none. */
function swapCase(text: string): string {
  const letters = /[a-z]/i.test(text) ? /[a-z]/gi : /./gu;
  return text.replace(letters, (letter) => {
    const upper = letter.toUpperCase();
    return letter === upper ? letter.toLowerCase() : upper;
  });
}
