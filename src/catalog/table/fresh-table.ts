import { setImmediate } from 'node:timers/promises';
import type { ImageStore } from '../../stores';
import type { EntryTable, ScanFindings } from './entry-table';

/** A folder with at most this many images is scanned for every list. */
const FEW = 5000;
/** Oldest the table of a larger folder may be if only a scan of everything makes it newer, in milliseconds. */
const ALLOWED_AGE = 1000;

/** If the store noticed no change, a scan is valid for this many milliseconds, or this many times its own duration. */
const TRUSTED = 60_000;
const TRUSTED_RATIO = 100;

/**
 * Keeps a table as fresh as the size of the folder allows. A small folder is scanned for every list, a large one only now
 * and then; if the store knows which files have changed, a scan looks only at these. Requests during a scan share the next
 * one.
 */
export class FreshTable {
  readonly #store: ImageStore;
  readonly #table: EntryTable;
  readonly #onWarning: (message: string) => void;
  #found: ScanFindings | undefined;
  /** When the latest scan began, of some files or all, and how long it took, in milliseconds. */
  #began = -Infinity;
  #duration = 0;
  /** Until when the latest scan of all files is trusted if no change is noticed, in milliseconds. */
  #trustedUntil = -Infinity;
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
      if (this.#moves >= moves && this.#began >= asked - (await this.#allowedAge(moves))) return this.#table;
      await this.#refresh();
    }
  }

  /** Whether the store, which has moved `moves` times (see `look`), may differ from the last scan, as far as it can tell. */
  mayHaveChanged(moves: number): boolean {
    return this.#moves !== moves || !this.#isTrusted || this.#changes !== this.#store.changes;
  }

  /** How long the last scan took, in milliseconds. */
  get duration(): number {
    return this.#duration;
  }

  get #isTrusted(): boolean {
    return performance.now() <= this.#trustedUntil;
  }

  /** Resolves once no scan is running. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  /** Whether the store knows that nothing has changed since the scan. A small store is scanned anyway. */
  async #isUnchanged(): Promise<boolean> {
    if (!this.#found || this.#table.images <= FEW) return false;
    if (!this.#isTrusted) return false;
    // A change may have happened in the same turn of the event loop as the request. It shows once that turn is over.
    await setImmediate();
    await setImmediate();
    return this.#changes !== undefined && this.#store.changes === this.#changes;
  }

  /** A scan of everything is not worth it for every list. */
  async #allowedAge(moves: number): Promise<number> {
    if (!this.#found || this.#table.images <= FEW || (await this.#changedFiles(moves))) return 0;
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
    const names = await this.#changedFiles(moves);
    const before = this.#found;
    const found = await this.#table.update(this.#store, names);
    if (before) found.unreadable.tell(this.#onWarning);
    // What a look at some files leaves out says nothing about the others.
    const { unreadable, leftOut } = found;
    this.#found =
      names && before
        ? { ...before, unreadable, leftOut: { ...before.leftOut, unreadable: leftOut.unreadable } }
        : found;
    this.#moves = moves;
    this.#began = began;
    this.#duration = performance.now() - began;
    this.#changes = changes;
    if (!names) this.#trustedUntil = began + Math.max(TRUSTED, TRUSTED_RATIO * this.#duration);
  }

  /** The only files that may have changed since the last scan; undefined: all may have. */
  async #changedFiles(moves: number): Promise<readonly string[] | undefined> {
    const isLarge = this.#found !== undefined && this.#table.images > FEW;
    if (!isLarge || !this.#isTrusted || this.#moves !== moves || this.#changes === undefined)
      return undefined;
    const names = await this.#store.changedFiles(this.#changes);
    // One that was a folder takes everything in it along.
    return names?.some((name) => this.#isFolder(name)) ? undefined : names;
  }

  #isFolder(name: string): boolean {
    const within = `${name}/`;
    return (
      this.#table.get(within) !== undefined ||
      this.#table.next(within, 1)[0]?.name.startsWith(within) === true
    );
  }
}
