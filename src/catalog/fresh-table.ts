import type { ImageStore, LeftOut } from '../stores';
import type { EntryTable } from './entry-table';

/** A folder with at most so many images is scanned whenever somebody asks. */
const FEW = 5000;
/** Milliseconds that the table of a larger folder may be old. */
const ALLOWED_AGE = 1000;

/**
 * Keeps a table as fresh as the size of the folder allows: in a small one what was just put there is listed; a large
 * one is not scanned without a pause. Whoever asks while a scan runs shares the next one.
 */
export class FreshTable {
  readonly #store: ImageStore;
  readonly #table: EntryTable;
  #leftOut: LeftOut | undefined;
  /** When the latest scan that is complete began, and how long it took, in milliseconds. */
  #began = -Infinity;
  #duration = 0;
  #running: Promise<void> | undefined;

  constructor(store: ImageStore, table: EntryTable) {
    this.#store = store;
    this.#table = table;
  }

  /** What the last scan left out. */
  get leftOut(): LeftOut | undefined {
    return this.#leftOut;
  }

  /** The table whatever its age, for pages behind the first. */
  async latest(): Promise<EntryTable> {
    return this.#leftOut ? this.#table : this.fresh();
  }

  async fresh(): Promise<EntryTable> {
    const asked = performance.now();
    // A scan that was under way may have passed what has changed since; then its successor is waited for.
    for (;;) {
      if (this.#began >= asked - this.#allowedAge()) return this.#table;
      await this.#refresh();
    }
  }

  /** Resolves once no scan runs any more. */
  async rest(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  #allowedAge(): number {
    if (!this.#leftOut || this.#table.images <= FEW) return 0;
    return Math.max(ALLOWED_AGE, this.#duration);
  }

  #refresh(): Promise<void> {
    this.#running ??= this.#scan().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #scan(): Promise<void> {
    const began = performance.now();
    this.#leftOut = await this.#table.update(this.#store);
    this.#began = began;
    this.#duration = performance.now() - began;
  }
}
