import { randomBytes } from 'node:crypto';
import { compareNames } from '../../names';
import { Pace } from '../../pace';
import type { StoredEntry } from '../../stores';
import type { Readable, View } from '../catalog';
import type { EntryTable, TableObserver } from './entry-table';
import { isShown, nextReadable } from './readable';
import { stateDigest, StateSum } from './state-sum';

/** Views to remember. Each is told of each change. */
const MOST_VIEWS = 256;
/** Changes that are taken in without giving way to other work. More of them, and views are counted again. */
const MOST_AT_ONCE = 5000;
/** Entries per read. */
const CHUNK = 256;
/** How often a view is counted if the table is replaced meanwhile. */
const MOST_COUNTS = 3;

/**
 * The generations of a table: one for those who may read everything, and one for each view. Each changes only with what its
 * view shows, so that a client neither lists again nor learns of anything because something else has changed.
 */
export class Generations implements TableObserver {
  readonly #table: EntryTable;
  /** The last one was used last. */
  readonly #views = new Map<string, ViewSum>();
  /**
   * The generation of the table that the sums belong to. Nobody tells of a table that was exchanged or closed, nor of what
   * another server writes to it.
   */
  #known: string | undefined;

  constructor(table: EntryTable) {
    this.#table = table;
    table.observer = this;
  }

  /** The first time, all that a view shows is looked at. */
  async of({ view, ...readable }: View): Promise<string> {
    if (view === undefined) return this.#table.generation;
    for (let i = 0; i < MOST_COUNTS; i++) {
      this.#check();
      const sum = this.#use(view, readable);
      try {
        const generation = await sum.generation();
        this.#check();
        if (this.#views.get(view) === sum) return generation;
      } catch (error) {
        if (this.#views.get(view) === sum) this.#views.delete(view);
        throw error;
      } finally {
        sum.users--;
      }
    }
    return noGeneration();
  }

  changed(entries: readonly StoredEntry[], { from, to }: { from: string; to: string }): void {
    if (from !== this.#known || entries.length > MOST_AT_ONCE) this.#views.clear();
    this.#known = to;
    for (const entry of entries) {
      let digest: Uint8Array | undefined;
      for (const sum of this.#views.values())
        if (sum.hasCounted(entry)) sum.toggle((digest ??= stateDigest(entry)));
    }
  }

  /** Forgets the sums if they belong to another generation. */
  #check(): void {
    const { generation } = this.#table;
    if (generation === this.#known) return;
    this.#views.clear();
    this.#known = generation;
  }

  #use(view: string, readable: Readable): ViewSum {
    const sum = this.#views.get(view) ?? new ViewSum(this.#table, readable);
    sum.users++;
    this.#views.delete(view);
    this.#views.set(view, sum);
    if (this.#views.size > MOST_VIEWS) this.#forgetOldest();
    return sum;
  }

  #forgetOldest(): void {
    for (const [view, { users }] of this.#views) if (users === 0) return void this.#views.delete(view);
  }
}

/** Equal to no other: for what is not of one state. */
export function noGeneration(): string {
  return `mixed-${randomBytes(8).toString('hex')}`;
}

/** The sum of what a view shows. It is counted once, and then kept up to date. */
class ViewSum {
  readonly #table: EntryTable;
  readonly #readable: Readable;
  readonly #sum = new StateSum();
  /** Up to where the table has been counted: changes beyond that are counted when it gets there. */
  #counted: string | undefined = '';
  readonly #counting: Promise<void>;
  /** Who waits for it. */
  users = 0;

  constructor(table: EntryTable, readable: Readable) {
    this.#table = table;
    this.#readable = readable;
    this.#counting = this.#count();
    // Whoever waits for it is told.
    this.#counting.catch(() => undefined);
  }

  async generation(): Promise<string> {
    await this.#counting;
    return this.#sum.hex;
  }

  /** Whether the view shows an entry of this name, and has been counted so far. */
  hasCounted({ name }: StoredEntry): boolean {
    if (!isShown(name, this.#readable)) return false;
    return this.#counted === undefined || compareNames(name, this.#counted) <= 0;
  }

  toggle(digest: Uint8Array): void {
    this.#sum.toggle(digest);
  }

  async #count(): Promise<void> {
    const pace = new Pace();
    while (this.#counted !== undefined) {
      const { entries, next } = nextReadable(this.#table, this.#readable, this.#counted, CHUNK);
      for (const entry of entries) this.#sum.toggle(stateDigest(entry));
      this.#counted = next;
      await pace.step(CHUNK);
    }
  }
}
