import { ResoError } from '../../errors';
import type { ImageStore, StoredEntry } from '../../stores';
import type { EntryTable, ScanFindings, TableObserver } from './entry-table';
import { MemoryTable } from './memory-table';

/** A table on disk that switches to memory once the disk can't be used. */
export class SafeTable implements EntryTable {
  #table: EntryTable;
  readonly #onError: (error: unknown) => void;

  /** `onError` is called once, with the reason why the disk can't be used. */
  constructor(table: EntryTable, onError: (error: unknown) => void) {
    this.#table = table;
    this.#onError = onError;
  }

  get observer(): TableObserver | undefined {
    return this.#table.observer;
  }

  set observer(observer: TableObserver | undefined) {
    this.#table.observer = observer;
  }

  get images(): number {
    return this.#table.images;
  }

  get unreadable(): number {
    return this.#table.unreadable;
  }

  get bytes(): number {
    return this.#table.bytes;
  }

  get generation(): string {
    return this.#table.generation;
  }

  async update(store: ImageStore, names?: readonly string[]): Promise<ScanFindings> {
    try {
      return await this.#table.update(store, names);
    } catch (error) {
      // An error of the store is not an error of the table.
      if (error instanceof ResoError || this.#table instanceof MemoryTable) throw error;
      this.#onError(error);
      const { observer } = this;
      this.#table = new MemoryTable();
      this.#table.observer = observer;
      return this.#table.update(store);
    }
  }

  next(after: string | undefined, most: number): readonly StoredEntry[] {
    return this.#table.next(after, most);
  }

  get(name: string): StoredEntry | undefined {
    return this.#table.get(name);
  }

  close(): void {
    this.#table.close();
  }
}
