import { createHash } from 'node:crypto';
import { compareNames } from '../../names';
import { Pace, Sorter } from '../../pace';
import type { ImageStore, Scan, StoredEntry } from '../../stores';
import { findingsOf, stateKey, type EntryTable, type ScanFindings, type TableObserver } from './entry-table';
import { marked, UnreadableFinds } from './unreadable-finds';

/** Entries in memory: a few hundred bytes each. */
export class MemoryTable implements EntryTable {
  observer: TableObserver | undefined;
  #snapshot: Snapshot = { entries: [], generation: 'none', bytes: 0, unreadable: 0 };

  get images(): number {
    return this.#snapshot.entries.length - this.#snapshot.unreadable;
  }

  get unreadable(): number {
    return this.#snapshot.unreadable;
  }

  get bytes(): number {
    return this.#snapshot.bytes;
  }

  get generation(): string {
    return this.#snapshot.generation;
  }

  async update(store: ImageStore): Promise<ScanFindings> {
    const scan = store.scan();
    const finds = new UnreadableFinds();
    const before = this.#snapshot;
    const snapshot = await takeSnapshot(scan, before, finds);
    const changed = await differences(before.entries, snapshot.entries);
    this.#snapshot = snapshot;
    this.observer?.changed(changed, { from: before.generation, to: snapshot.generation });
    return findingsOf(scan, finds, this.unreadable);
  }

  next(after: string | undefined, most: number): readonly StoredEntry[] {
    const { entries } = this.#snapshot;
    const first = indexAfter(entries, after);
    return entries.slice(first, first + most);
  }

  get(name: string): StoredEntry | undefined {
    return entryIn(this.#snapshot.entries, name);
  }

  close(): void {
    // The memory is simply freed.
  }
}

/** All images of a store as one scan found them, and what can't be read. */
interface Snapshot {
  /** In ascending order of the names' bytes. */
  readonly entries: readonly StoredEntry[];
  readonly generation: string;
  /** Of all images. */
  readonly bytes: number;
  /** Entries that can't be read and don't count as images. */
  readonly unreadable: number;
}

/** `before` is the previous snapshot. */
async function takeSnapshot(scan: Scan, before: Snapshot, finds: UnreadableFinds): Promise<Snapshot> {
  const sorter = new Sorter<StoredEntry>();
  for await (const batch of scan.batches) {
    const known = batch.map(({ name }) => entryIn(before.entries, name));
    const entries = await marked(scan, batch, known);
    entries.forEach((entry, i) => finds.add(entry, known[i]));
    sorter.add(entries);
  }
  const entries = await sorter.sorted();
  return { entries, ...(await summarize(entries)) };
}

/** The generation depends on the contents alone, so that restarts and refreshes don't change it. */
async function summarize(entries: readonly StoredEntry[]): Promise<Omit<Snapshot, 'entries'>> {
  const hash = createHash('sha256');
  const pace = new Pace();
  let bytes = 0;
  let unreadable = 0;
  for (const entry of entries) {
    hash.update(`${stateKey(entry)}\0`);
    if (entry.unreadable !== undefined) unreadable++;
    else bytes += entry.size;
    const turn = pace.step();
    if (turn) await turn;
  }
  return { generation: hash.digest('base64url').slice(0, 24), bytes, unreadable };
}

/** What is in one list and not in the other, or not in the same state. Both are in order of the names. */
async function differences(
  before: readonly StoredEntry[],
  after: readonly StoredEntry[],
): Promise<readonly StoredEntry[]> {
  const found: StoredEntry[] = [];
  const pace = new Pace();
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    const [one, other] = [before[i], after[j]];
    const order = !one ? 1 : !other ? -1 : compareNames(one.name, other.name);
    const isSame = order === 0 && stateKey(one!) === stateKey(other!);
    if (order <= 0 && !isSame) found.push(one!);
    if (order >= 0 && !isSame) found.push(other!);
    if (order <= 0) i++;
    if (order >= 0) j++;
    const turn = pace.step();
    if (turn) await turn;
  }
  return found;
}

function entryIn(entries: readonly StoredEntry[], name: string): StoredEntry | undefined {
  const entry = entries[indexAfter(entries, name) - 1];
  return entry?.name === name ? entry : undefined;
}

/** Index of the first entry whose name comes after `after`. */
function indexAfter(entries: readonly StoredEntry[], after: string | undefined): number {
  if (after === undefined) return 0;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(entries[middle]!.name, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
