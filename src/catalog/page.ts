import { globMatcher } from '../names';
import type { StoredEntry } from '../stores';
import { throwIfCancelled } from './cancelled';
import type { CatalogEntry, ListPage, ListQuery } from './catalog';
import { Pace } from './pace';
import { indexAfter, type Snapshot } from './snapshot';

/** Bytes of JSON that a page has at most, roughly. */
const MAX_BYTES = 196_608;
/** Bytes that an entry has beside its name: numbers, version, digest, member names. */
const ENTRY_BYTES = 320;
/** Milliseconds after which a page is closed, however few names have matched. */
const MAX_TIME = 250;
/** Cost, in characters of a glob times characters of a name, after which the clock is looked at. */
const COST_BETWEEN_LOOKS = 20_000;

/**
 * Cuts a page out of a snapshot. A page is short if its names are long, or if looking for matches takes long: globs
 * come from the other side, and nobody else should have to wait for them.
 */
export async function cutPage(
  snapshot: Snapshot,
  query: ListQuery,
  describe: (entry: StoredEntry) => CatalogEntry,
): Promise<ListPage> {
  const { entries, generation } = snapshot;
  const matches = query.globs && new PatientMatcher(query.globs);
  const deadline = performance.now() + MAX_TIME;
  const images: CatalogEntry[] = [];
  const pace = new Pace();
  let bytes = 0;
  for (let i = indexAfter(entries, query.after); i < entries.length; i++) {
    const entry = entries[i]!;
    if (query.mayRead && !query.mayRead(entry.name)) {
      // No page ends here: the name would show in `next`.
      await pace.step();
      continue;
    }
    if (!matches || (await matches.test(entry.name))) {
      images.push(describe(entry));
      bytes += ENTRY_BYTES + Buffer.byteLength(JSON.stringify(entry.name));
    }
    const full = images.length >= query.limit || bytes > MAX_BYTES || performance.now() > deadline;
    if (full && i + 1 < entries.length) return { generation, images, next: entry.name };
    if (full) break;
    throwIfCancelled(query.signal);
  }
  return { generation, images };
}

/** Matches names against globs, giving way to others between two globs where they are costly. */
class PatientMatcher {
  readonly #matchers: readonly { cost: number; matches: (name: string) => boolean }[];
  readonly #pace = new Pace(COST_BETWEEN_LOOKS);

  constructor(globs: readonly string[]) {
    this.#matchers = globs.map((glob) => ({ cost: glob.length, matches: globMatcher([glob]) }));
  }

  async test(name: string): Promise<boolean> {
    for (const { cost, matches } of this.#matchers) {
      if (matches(name)) return true;
      const turn = this.#pace.step(cost * name.length);
      if (turn) await turn;
    }
    return false;
  }
}
