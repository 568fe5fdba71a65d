import { escapeForDisplay } from '../../names';
import type { Scan, StoredEntry } from '../../stores';

/** Names of what can't be read that are kept as examples. */
const MOST_NAMED = 3;
/** Warnings of one scan, at most. */
const MOST_LINES = 5;

/** What one look through a store found that can't be read. */
export class UnreadableFinds {
  readonly names: string[] = [];
  readonly #fresh: StoredEntry[] = [];
  #freshCount = 0;

  /** `before` is what was known of it. */
  add(entry: StoredEntry, before: StoredEntry | undefined): void {
    if (entry.unreadable === undefined) return;
    if (this.names.length < MOST_NAMED) this.names.push(entry.name);
    if (before?.unreadable !== undefined) return;
    this.#freshCount++;
    if (this.#fresh.length < MOST_LINES) this.#fresh.push(entry);
  }

  /** Warns of those that are new: they could be read before, or were not there. */
  tell(onWarning: (message: string) => void): void {
    for (const { name, unreadable } of this.#fresh)
      onWarning(`${escapeForDisplay(name)} can't be read, and is left out until it can be: ${unreadable}.`);
    const more = this.#freshCount - this.#fresh.length;
    if (more > 0) onWarning(`${more} more folders or images can't be read, and are left out.`);
  }
}

/**
 * `batch` with a mark on what can't be read. `known` holds the earlier entry of each. If its state is the same, so is
 * whether it can be read, and the system is not asked again.
 */
export async function marked(
  scan: Scan,
  batch: readonly StoredEntry[],
  known: readonly (StoredEntry | undefined)[],
): Promise<readonly StoredEntry[]> {
  const doubtful = batch.filter((entry, i) => !isKnown(entry, known[i]));
  if (doubtful.length === 0) return known as readonly StoredEntry[];
  const checked = await scan.checked(doubtful);
  let next = 0;
  return batch.map((entry, i) => (isKnown(entry, known[i]) ? known[i]! : checked[next++]!));
}

function isKnown(entry: StoredEntry, known: StoredEntry | undefined): boolean {
  return known !== undefined && isSameState(entry, known) && isNoNews(entry, known);
}

/** One that could not be looked at says so each time. */
function isNoNews({ unreadable }: StoredEntry, known: StoredEntry): boolean {
  return unreadable === undefined || unreadable === known.unreadable;
}

export function isSameState(a: StoredEntry, b: StoredEntry): boolean {
  return a.version === b.version && a.size === b.size && a.mtime === b.mtime && a.changedAt === b.changedAt;
}
