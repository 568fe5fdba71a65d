import { ResoError } from '../../errors';
import { globFault, globMatcher, hasGlob } from '../../names';
import type { ImageEntry } from '../../protocol';
import type { OnMissing, Selected, Selection } from '../download/select';
import type { Lock, LockEntry } from './options';

/** The images of a lock that `patterns` stand for; undefined: all of them. */
export async function* selectLocked(
  lock: Lock,
  patterns: Iterable<string> | AsyncIterable<string> | undefined,
  onMissing: OnMissing,
): Selection {
  if (patterns === undefined) {
    for await (const entry of lock.entries()) yield [selected(entry)];
    return;
  }
  const wanted = await wantedOf(patterns, onMissing);
  const exact = await exactIn(lock, wanted);
  const open = wanted.filter(({ pattern }) => !exact.has(pattern));
  for await (const entry of lock.entries()) {
    const matching = open.filter((one) => one.matches(entry.name));
    for (const one of matching) one.isFound = true;
    if (matching.length > 0 || exact.has(entry.name)) yield [selected(entry)];
  }
  for (const { pattern, isFound } of open) if (!isFound) onMissing(pattern, notLocked(pattern));
}

interface Wanted {
  readonly pattern: string;
  isFound: boolean;
  matches(name: string): boolean;
}

async function wantedOf(
  patterns: Iterable<string> | AsyncIterable<string>,
  onMissing: OnMissing,
): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for await (const pattern of patterns) {
    const fault = hasGlob(pattern) ? globFault(pattern) : undefined;
    if (fault === undefined) wanted.push(wantedFor(pattern));
    else
      onMissing(
        pattern,
        new ResoError('BAD_NAME', `It can't be used as a glob: ${fault}.`, { image: pattern }),
      );
  }
  return wanted;
}

function wantedFor(pattern: string): Wanted {
  const folder = `${pattern.replace(/\/+$/, '')}/`;
  const matches = hasGlob(pattern) ? globMatcher([pattern]) : (name: string) => name.startsWith(folder);
  return { pattern, isFound: false, matches };
}

/** Which of the patterns are the name of an image: that beats a glob. */
async function exactIn(lock: Lock, wanted: readonly Wanted[]): Promise<ReadonlySet<string>> {
  const patterns = new Set(wanted.map(({ pattern }) => pattern));
  const exact = new Set<string>();
  for await (const { name } of lock.entries()) if (patterns.has(name)) exact.add(name);
  return exact;
}

/** A lock knows neither a time nor a version, which is empty then. */
export function selected({ name, size, sha256 }: LockEntry): Selected & { readonly entry: ImageEntry } {
  return { name, entry: { name, size, sha256, mtime: 0, version: '' }, locked: { size, sha256 } };
}

function notLocked(pattern: string): ResoError {
  return new ResoError('BAD_NAME', 'The lock file names no image like that.', { image: pattern });
}
