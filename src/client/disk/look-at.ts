import { lstatSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { systemCode } from '../../errors';
import { PromptCalls } from '../../files';
import type { Looked } from '../plan/select';
import { inParts } from '../index/in-parts';

/** Looks that count as one call: to measure, and to wait for, each of them would cost as much as the look. */
const AT_ONCE = 8;

const CALLS = new PromptCalls();

/** What lies at each of `paths`, no link followed; undefined for one that can't be looked at. */
export async function lookAt(
  paths: readonly string[],
  calls: PromptCalls = CALLS,
): Promise<(Looked | undefined)[]> {
  const looked: (Looked | undefined)[] = [];
  for (const some of inParts(paths, AT_ONCE)) {
    const here = () => some.map(lookHere);
    looked.push(...(await calls.make(here, () => Promise.all(some.map(lookElsewhere)))));
  }
  return looked;
}

const OR_UNDEFINED = { throwIfNoEntry: false } as const;

function lookHere(path: string): Looked | undefined {
  try {
    return { found: lstatSync(path, OR_UNDEFINED) };
  } catch (error) {
    return ofSystem(error);
  }
}

async function lookElsewhere(path: string): Promise<Looked | undefined> {
  try {
    return { found: await lstat(path) };
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? { found: undefined } : ofSystem(error);
  }
}

function ofSystem(error: unknown): undefined {
  if (systemCode(error) === undefined) throw error;
}
