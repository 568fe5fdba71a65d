import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalError } from '../../errors';
import { statIfThere } from '../../files';
import { escapeForDisplay, folder, type Folding } from '../../names';
import { diskError } from '../download/disk-error';
import type { WorkFolder } from '../download/work-folder';
import { Clashes, faultOnWindows } from './clashes';
import type { SyncContext } from './context';

/** Names that are given as examples. */
const MOST_NAMED = 10;

/** Throws EXISTS, naming them, if there are names that this file system can't hold side by side, or not at all. */
export async function checkNames(context: SyncContext, work: WorkFolder, owner: string): Promise<void> {
  const isWindows = process.platform === 'win32';
  const folding = context.options.dryRun
    ? { ignoresCase: isWindows || process.platform === 'darwin', normalizes: false, isWindows }
    : { ...(await probe(work, owner)), isWindows };
  if (!folding.ignoresCase && !folding.normalizes && !isWindows) return;
  const unfit = await unfitNames(context, folding);
  if (unfit.length === 0) return;
  const shown = unfit.slice(0, MOST_NAMED).map((name) => escapeForDisplay(name));
  const more = unfit.length > MOST_NAMED ? ', …' : '';
  throw new LocalError(
    'EXISTS',
    `This file system can't hold these names, or not side by side: ${shown.join(', ')}${more}. Nothing was written; --exclude leaves them out.`,
  );
}

/** The list is gone through twice: eight bytes of a name are remembered, and then the few that may clash. */
async function unfitNames(
  context: SyncContext,
  folding: Folding & { readonly isWindows: boolean },
): Promise<string[]> {
  const fold = folder(folding);
  const clashes = new Clashes();
  for await (const name of names(context)) clashes.count(fold(name));
  clashes.settle();
  const unfit: string[] = [];
  const first = new Map<string, string>();
  for await (const name of names(context)) {
    if (unfit.length > MOST_NAMED) break;
    if (folding.isWindows && faultOnWindows(name)) unfit.push(name);
    const key = fold(name);
    if (!clashes.mayHave(key)) continue;
    const other = first.get(key);
    if (other === undefined) first.set(key, name);
    else unfit.push(`${other} and ${name}`);
  }
  return unfit;
}

async function* names({ wanted, scope }: SyncContext): AsyncGenerator<string, void, undefined> {
  for await (const { images } of wanted.pages(scope.globs)) {
    for (const { name } of images) if (scope.has(name)) yield name;
  }
}

async function probe(work: WorkFolder, owner: string): Promise<Folding> {
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
