import { createHash } from 'node:crypto';
import { compareNames } from '../names';
import type { Scan, StoredEntry } from '../stores';
import { Pace } from './pace';
import { Sorter } from './sorter';

/** All images of a store as one scan found them. */
export interface Snapshot {
  /** In ascending order of the names' bytes. */
  readonly entries: readonly StoredEntry[];
  readonly generation: string;
  readonly bytes: number;
}

export async function takeSnapshot(scan: Scan): Promise<Snapshot> {
  const sorter = new Sorter<StoredEntry>();
  for await (const batch of scan.batches) sorter.add(batch);
  const entries = await sorter.sorted();
  return { entries, ...(await summarize(entries)) };
}

/** The generation is made of the content alone, so that it is the same after a restart, and at each refresh. */
async function summarize(entries: readonly StoredEntry[]): Promise<{ generation: string; bytes: number }> {
  const hash = createHash('sha256');
  const pace = new Pace();
  let bytes = 0;
  for (const entry of entries) {
    hash.update(`${entry.name}\0${entry.version}\0`);
    bytes += entry.size;
    const turn = pace.step();
    if (turn) await turn;
  }
  return { generation: hash.digest('base64url').slice(0, 24), bytes };
}

/** Index of the first entry whose name is behind `after`. */
export function indexAfter(entries: readonly StoredEntry[], after: string | undefined): number {
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
