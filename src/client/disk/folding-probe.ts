import { opendir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { statIfThere } from '../../files';
import type { Folding } from '../../names';
import { diskError } from './disk-errors';
import type { OutputFolder } from './output-folder';
import { isSameFile, swapCase } from './spellings';
import type { WorkFolder } from './work-folder';

/** Most entries of a folder that are searched for one that reveals something. */
const MOST_READ = 4096;

/** Finds out how the file system treats names by creating a file there. Throws DISK. */
export async function probeByWriting(work: WorkFolder, owner: string): Promise<Folding> {
  const path = (name: string) => join(work.path, `index.${owner}.probe-${name}`);
  const isThere = async (name: string) => (await statIfThere(path(name))) !== undefined;
  try {
    await writeFile(path('A\u00e9'), '');
    return { ignoresCase: await isThere('a\u00e9'), normalizes: await isThere('Ae\u0301') };
  } catch (cause) {
    throw diskError(cause, work.path);
  } finally {
    await unlink(path('A\u00e9')).catch(() => undefined);
  }
}

/** Finds that out from existing files, in the folder or above it on the same file system; otherwise `assumed`. */
export async function probeByLooking({ top }: Pick<OutputFolder, 'top'>, assumed: Folding): Promise<Folding> {
  const device = (await statIfThere(top))?.dev;
  let seen: Partial<Folding> = {};
  for (let folder = top; ; folder = dirname(folder)) {
    seen = { ...(await lookIn(folder).catch(() => undefined)), ...seen };
    const isKnown = seen.ignoresCase !== undefined && seen.normalizes !== undefined;
    const isLast = folder === dirname(folder) || (await statIfThere(dirname(folder)))?.dev !== device;
    if (isKnown || isLast) return { ...assumed, ...seen };
  }
}

async function lookIn(folder: string): Promise<Partial<Folding>> {
  const seen: { -readonly [K in keyof Folding]?: Folding[K] } = {};
  let read = 0;
  for await (const { name } of await opendir(folder)) {
    for (const [kind, other] of Object.entries(spellingsOf(name))) {
      const key = kind as keyof Folding;
      if (other !== name) seen[key] ??= await areOne(join(folder, name), join(folder, other));
    }
    if ((seen.ignoresCase !== undefined && seen.normalizes !== undefined) || ++read > MOST_READ) break;
  }
  return seen;
}

/** A name that is the same if the file system behaves as the key says. */
function spellingsOf(name: string): Record<keyof Folding, string> {
  const composed = name.normalize('NFC');
  return { ignoresCase: swapCase(name), normalizes: name === composed ? name.normalize('NFD') : composed };
}

async function areOne(path: string, other: string): Promise<boolean | undefined> {
  const [found, there] = [await statIfThere(path), await statIfThere(other)];
  return found && there !== undefined && isSameFile(found, there);
}
