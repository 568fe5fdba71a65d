import type { Stats } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { statIfThere } from '../../files';
import { foldName } from '../../names';
import type { OutputFolder } from './output-folder';

type Output = Pick<OutputFolder, 'root'>;

/** Most entries of a folder that are searched for a spelling. */
const MOST_READ = 4096;

/** Whether the file `found` under `name` is also found under another spelling of it. */
export async function hasOtherSpellings({ root }: Output, name: string, found: Stats): Promise<boolean> {
  for (const other of otherSpellings(name)) {
    const there = await statIfThere(join(root, other)).catch(() => undefined);
    if (there && isSameFile(there, found)) return true;
  }
  return false;
}

/** How `name` is spelled on the disk; undefined if that would take a search through very many entries. */
export async function spellingOnDisk({ root }: Output, name: string): Promise<string | undefined> {
  let spelled = '';
  for (const part of name.split('/')) {
    const here = await spellingIn(join(root, spelled), part);
    if (here === undefined) return undefined;
    spelled = spelled === '' ? here : `${spelled}/${here}`;
  }
  return spelled;
}

async function spellingIn(folder: string, wanted: string): Promise<string | undefined> {
  let other: string | undefined;
  let read = 0;
  for await (const { name } of await opendir(folder)) {
    if (name === wanted) return name;
    if (++read > MOST_READ) return undefined;
    if (foldName(name) === foldName(wanted)) other = name;
  }
  return other;
}

/** Does not compare inodes: FUSE gives each spelling its own. */
export function isSameFile(one: Stats, other: Stats): boolean {
  if (one.size !== other.size || one.mode !== other.mode) return false;
  return one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs;
}

/** For each component separately: case-insensitivity may begin, or end, at a folder in between. */
export function otherSpellings(name: string): readonly string[] {
  const parts = name.split('/');
  const spellings = parts.flatMap((part, at) =>
    [swapCase(part), part.normalize('NFC'), part.normalize('NFD')].map((other) =>
      parts.with(at, other).join('/'),
    ),
  );
  return [...new Set(spellings)].filter((other) => other !== name);
}

/** Swaps the case of ASCII letters, which every file system knows; of all letters if there are none. */
export function swapCase(text: string): string {
  const letters = /[a-z]/i.test(text) ? /[a-z]/gi : /./gu;
  return text.replace(letters, (letter) => {
    const upper = letter.toUpperCase();
    return letter === upper ? letter.toLowerCase() : upper;
  });
}
