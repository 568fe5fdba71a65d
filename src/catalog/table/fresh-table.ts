import { setImmediate } from 'node:timers/promises';
import type { ImageStore } from '../../stores';
import type { EntryTable, ScanFindings } from './entry-table';

/** A folder with at most this many images is scanned for every list. */
const FEW = 5000;
/** Oldest the table of a larger folder may be, in milliseconds. */
const ALLOWED_AGE = 1000;

/** If the store noticed no change, a scan is valid for this many milliseconds, or this many times its own duration. */
const TRUSTED = 60_000;
const TRUSTED_RATIO = 100;

/**
 * Keeps a table as fresh as the size of the folder allows. A small folder is scanned for every list, a large one only now
 * and then. Requests during a scan share the next one.
 */
export class FreshTable {
  readonly #store: ImageStore;
  readonly #table: EntryTable;
  readonly #onWarning: (message: string) => void;
  #found: ScanFindings | undefined;
  /** When the latest complete scan began, and how long it took, in milliseconds. */
  #began = -Infinity;
  #duration = 0;
  #running: Promise<void> | undefined;
  /** The count of moves of the store (see `look`) before that scan. */
  #moves = -1;
  /** The count of changes in the store before that scan, if it keeps one. */
  #changes: number | undefined;

  /** `onWarning` is told what can no longer be read. What the first scan finds is only counted. */
  constructor(store: ImageStore, table: EntryTable, onWarning: (message: string) => void = () => undefined) {
    this.#onWarning = onWarning;
    this.#store = store;
    this.#table = table;
  }

  /** What the last scan found besides the images. */
  get found(): ScanFindings | undefined {
    return this.#found;
  }

  /** The table whatever its age, for pages after the first. */
  async latest(): Promise<EntryTable> {
    return this.#found ? this.#table : this.fresh();
  }

  async fresh(): Promise<EntryTable> {
    const asked = performance.now();
    // If the store is away, there is no list. If it is a different folder now, the table is useless.
    const moves = await this.#store.look();
    if (this.#moves >= moves && (await this.#isUnchanged())) return this.#table;
    // A running scan may already have passed what changed. Then wait for the next one.
    for (;;) {
      if (this.#moves >= moves && this.#began >= asked - this.#allowedAge()) return this.#table;
      await this.#refresh();
    }
  }

  /** Whether the store, which has moved `moves` times (see `look`), may differ from the last scan, as far as it can tell. */
  mayHaveChanged(moves: number): boolean {
    return this.#moves !== moves || this.#age > this.#trusted || this.#changes !== this.#store.changes;
  }

  /** How long the last scan took, in milliseconds. */
  get duration(): number {
    return this.#duration;
  }

  get #age(): number {
    return performance.now() - this.#began;
  }

  get #trusted(): number {
    return Math.max(TRUSTED, TRUSTED_RATIO * this.#duration);
  }

  /** Resolves once no scan is running. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  /** Whether the store knows that nothing has changed since the scan. A small store is scanned anyway. */
  async #isUnchanged(): Promise<boolean> {
    if (!this.#found || this.#table.images <= FEW) return false;
    if (this.#age > this.#trusted) return false;
    // A change may have happened in the same turn of the event loop as the request. It shows once that turn is over.
    await setImmediate();
    await setImmediate();
    return this.#changes !== undefined && this.#store.changes === this.#changes;
  }

  #allowedAge(): number {
    if (!this.#found || this.#table.images <= FEW) return 0;
    return Math.max(ALLOWED_AGE, this.#duration);
  }

  #refresh(): Promise<void> {
    this.#running ??= this.#scan().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #scan(): Promise<void> {
    const began = performance.now();
    const moves = await this.#store.look();
    const { changes = 0 } = this.#store;
    const isFirst = !this.#found;
    this.#found = await this.#table.update(this.#store);
    if (!isFirst) this.#found.unreadable.tell(this.#onWarning);
    this.#moves = moves;
    this.#began = began;
    this.#duration = performance.now() - began;
    this.#changes = changes;
  }
}
