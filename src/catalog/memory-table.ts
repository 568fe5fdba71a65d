import type { ImageStore, StoredEntry } from '../stores';
import type { EntryTable, Found } from './entry-table';
import { indexAfter, takeSnapshot, type Snapshot } from './snapshot';

/** Entries in memory: some hundred bytes each. */
export class MemoryTable implements EntryTable {
  #snapshot: Snapshot = { entries: [], generation: 'none', bytes: 0 };

  get images(): number {
    return this.#snapshot.entries.length;
  }

  get bytes(): number {
    return this.#snapshot.bytes;
  }

  get generation(): string {
    return this.#snapshot.generation;
  }

  async update(store: ImageStore): Promise<Found> {
    const scan = store.scan();
    this.#snapshot = await takeSnapshot(scan);
    return scan;
  }

  next(after: string | undefined, most: number): readonly StoredEntry[] {
    const { entries } = this.#snapshot;
    const first = indexAfter(entries, after);
    return entries.slice(first, first + most);
  }

  close(): void {
    // What is in memory goes with it.
  }
}
