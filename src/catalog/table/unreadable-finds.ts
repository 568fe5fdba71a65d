import { escapeForDisplay } from '../../names';
import type { Scan, StoredEntry } from '../../stores';

/** Names of unreadable entries that are kept as examples. */
const MOST_NAMED = 3;
/** Most warnings per scan. */
const MOST_LINES = 5;

/** The unreadable entries that one scan found. */
export class UnreadableFinds {
  readonly names: string[] = [];
  readonly #fresh: StoredEntry[] = [];
  #freshCount = 0;

  /** `before` is the entry from the previous scan. */
  add(entry: StoredEntry, before: StoredEntry | undefined): void {
    if (entry.unreadable === undefined) return;
    if (this.names.length < MOST_NAMED) this.names.push(entry.name);
    if (before?.unreadable !== undefined) return;
    this.#freshCount++;
    if (this.#fresh.length < MOST_LINES) this.#fresh.push(entry);
  }

  /** Warns about new ones: they could be read before, or did not exist. */
  tell(onWarning: (message: string) => void): void {
    for (const { name, unreadable } of this.#fresh)
      onWarning(`Can't read ${escapeForDisplay(name)}: ${unreadable}. It is left out until it can be read.`);
    const more = this.#freshCount - this.#fresh.length;
    if (more > 0) onWarning(`Can't read ${more} more images or folders. They are left out.`);
  }
}

/**
 * `batch` with unreadable entries marked. `known` has the previous entry of each. If its state is the same, so is whether
 * it can be read, and it is not checked again.
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

/** One that could not be examined reports that each time. */
function isNoNews({ unreadable }: StoredEntry, known: StoredEntry): boolean {
  return unreadable === undefined || unreadable === known.unreadable;
}

export function isSameState(a: StoredEntry, b: StoredEntry): boolean {
  return a.version === b.version && a.size === b.size && a.mtime === b.mtime && a.changedAt === b.changedAt;
}
