import { describeCause, ResoError, systemCode } from '../errors';
import { readabilityCheck } from '../files';
import type { StoredEntry, StoredState } from './image-store';
import type { Resolver } from './resolver';

/**
 * Errors that persist until the file's state changes. Others, such as a failing disk or a missing file, show up when the
 * file is requested.
 */
const FORBIDDEN: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM']);

const NO_STATE: StoredState = { size: 0, mtime: 0, version: 'unknown', changedAt: 0 };

/** The entry of something that could not be examined because of `error`, without the sentence that clients get. */
export function unreadableEntry(name: string, error: unknown, state = NO_STATE): StoredEntry {
  const cause = error instanceof ResoError ? (error.cause ?? error) : error;
  return { name, ...state, unreadable: describeCause(cause) };
}

/**
 * The same entries, in the same order, with those that may not be read marked. None of them is opened, and only `doubtful`
 * ones are looked at.
 */
export async function checkedEntries(
  entries: readonly StoredEntry[],
  resolver: Resolver,
  doubtful: (entry: StoredEntry) => boolean,
): Promise<readonly StoredEntry[]> {
  const check = readabilityCheck();
  const checked: StoredEntry[] = [];
  for (const entry of entries) {
    let marked = entry;
    try {
      if (entry.unreadable === undefined && doubtful(entry)) {
        const asked = check(resolver.path(entry.name));
        if (asked) await asked;
      }
    } catch (error) {
      if (FORBIDDEN.has(systemCode(error))) marked = unreadableEntry(entry.name, error, entry);
    }
    checked.push(marked);
  }
  return checked;
}
