import type { ImageStore, StoredEntry } from '../../stores';
import { foundIn, type EntryTable, type Found } from './entry-table';
import { indexAfter, takeSnapshot, type Snapshot } from './snapshot';
import { UnreadableFinds } from './unreadable-finds';

/** Entries in memory: some hundred bytes each. */
export class MemoryTable implements EntryTable {
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

  async update(store: ImageStore): Promise<Found> {
    const scan = store.scan();
    const finds = new UnreadableFinds();
    this.#snapshot = await takeSnapshot(scan, this.#snapshot, finds);
    return foundIn(scan, finds, this.unreadable);
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
