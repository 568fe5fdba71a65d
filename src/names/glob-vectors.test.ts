import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globFault, globMatcher } from './glob';

interface GlobVector {
  readonly glob: string;
  readonly matches: readonly string[];
  readonly misses: readonly string[];
  /** Why it is none. */
  readonly fault?: string;
}

const path = join(__dirname, '..', '..', 'docs', 'protocol-vectors.json');
const { globs } = JSON.parse(readFileSync(path, 'utf8')) as { globs: GlobVector[] };

test.each(globs.filter(({ fault }) => fault === undefined))('$glob', ({ glob, matches, misses }) => {
  expect(globFault(glob)).toBeUndefined();
  const isMatch = globMatcher([glob]);
  expect(matches.filter((name) => !isMatch(name))).toEqual([]);
  expect(misses.filter(isMatch)).toEqual([]);
});

test.each(globs.filter(({ fault }) => fault !== undefined))('$glob is none: $fault', ({ glob }) => {
  expect(globFault(glob)).toEqual(expect.any(String));
});
