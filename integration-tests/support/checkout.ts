import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

export const REPOSITORY = join(__dirname, '..', '..');

/** What a fresh clone has not, at the top. */
const NOT_IN_A_CLONE = new Set([
  '.git',
  'node_modules',
  'dist',
  'coverage',
  'demo-downloads',
  '.test-results',
]);

/** Copies the repository into a new temporary folder, as it is now: nobody's edits reach it any more. */
export async function copyRepository(): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), 'reso-checkout-'));
  await cp(REPOSITORY, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !NOT_IN_A_CLONE.has(relative(REPOSITORY, source)),
  });
  return target;
}
