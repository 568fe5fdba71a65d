import { LocalError } from '../../../errors';
import { escapeForDisplay, folder, type Folding } from '../../../names';
import { probeByLooking, probeByWriting } from '../../disk/folding-probe';
import type { WorkFolder } from '../../disk/work-folder';
import type { SyncContext } from './context';
import { Clashes } from './name-hashes';

/** Most names in the message. */
const MOST_NAMED = 10;

/** Throws EXISTS if there are names that this file system can't store, or can't tell apart. */
export async function checkNames(context: SyncContext, work: WorkFolder, owner: string): Promise<void> {
  const isWindows = process.platform === 'win32';
  const assumed = { ignoresCase: isWindows || process.platform === 'darwin', normalizes: false };
  const { dryRun } = context.options;
  const probed = dryRun ? probeByLooking(context.output, assumed) : probeByWriting(work, owner);
  const folding = { ...(await probed), isWindows };
  if (!folding.ignoresCase && !folding.normalizes && !isWindows) return;
  const unfit = await unfitNames(context, folding);
  if (unfit.length === 0) return;
  const shown = unfit.slice(0, MOST_NAMED).map((name) => escapeForDisplay(name));
  const more = unfit.length > MOST_NAMED ? ', …' : '';
  throw new LocalError(
    'EXISTS',
    `This file system can't store these names, or can't tell them apart: ${shown.join(', ')}${more}. Nothing was written. Leave them out with --exclude.`,
  );
}

/** Reads the list twice: first it remembers eight bytes of each name, then the few names that may clash. */
async function unfitNames(
  context: SyncContext,
  folding: Folding & { readonly isWindows: boolean },
): Promise<string[]> {
  const fold = folder(folding);
  const clashes = new Clashes();
  for await (const name of names(context)) clashes.count(fold(name));
  clashes.findTwice();
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

const RESERVED = /^(?:con|prn|aux|nul|com[1-9\u00b9\u00b2\u00b3]|lpt[1-9\u00b9\u00b2\u00b3])(?:\.|$)/i;
// eslint-disable-next-line no-control-regex -- these are what is forbidden
const FORBIDDEN = /[<>:"|?*\\\x00-\x1f]/;

/** Whether Windows forbids this name or gives it a special meaning. */
export function faultOnWindows(name: string): boolean {
  return name.split('/').some((part) => RESERVED.test(part) || FORBIDDEN.test(part) || /[. ]$/.test(part));
}
