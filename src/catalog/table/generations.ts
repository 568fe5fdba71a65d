import { randomBytes } from 'node:crypto';
import { compareNames } from '../../names';
import { Pace } from '../../pace';
import type { StoredEntry } from '../../stores';
import type { Readable, View } from '../catalog';
import type { EntryTable, TableObserver } from './entry-table';
import { nextReadable } from './readable';
import { StateSum } from './state-sum';

/** Views to remember. Each is told of each change. */
const MOST_VIEWS = 256;
/** Entries per read. */
const CHUNK = 256;
/** How often a view is counted again because the table was replaced meanwhile. */
const MOST_COUNTS = 3;

/**
 * The generations of a table: one for those who may read everything, and one for each view. It changes only with what the
 * view shows, so that a client neither lists again nor learns of anything because something else has changed.
 */
export class Generations implements TableObserver {
  readonly #table: EntryTable;
  /** The last one was used last. */
  readonly #views = new Map<string, ViewSum>();

  constructor(table: EntryTable) {
    this.#table = table;
    table.observer = this;
  }

  /** The first time, all that a view shows is looked at. */
  async of({ view, ...readable }: View): Promise<string> {
    if (view === undefined) return this.#table.generation;
    for (let i = 0; i < MOST_COUNTS; i++) {
      const sum = this.#views.get(view) ?? new ViewSum(this.#table, readable);
      this.#views.delete(view);
      this.#views.set(view, sum);
      this.#forgetOldest();
      const generation = await sum.generation();
      if (this.#views.get(view) === sum) return generation;
    }
    return noGeneration();
  }

  changed(entry: StoredEntry): void {
    for (const sum of this.#views.values()) sum.changed(entry);
  }

  replaced(): void {
    this.#views.clear();
  }

  #forgetOldest(): void {
    const [oldest] = this.#views.keys();
    if (this.#views.size > MOST_VIEWS) this.#views.delete(oldest!);
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
  /** Up to where the table has been counted: changes behind that are counted when it gets there. */
  #counted: string | undefined = '';
  readonly #counting: Promise<void>;

  constructor(table: EntryTable, readable: Readable) {
    this.#table = table;
    this.#readable = readable;
    this.#counting = this.#count();
  }

  async generation(): Promise<string> {
    await this.#counting;
    return this.#sum.hex;
  }

  changed(entry: StoredEntry): void {
    if (this.#readable.mayRead?.(entry.name) === false) return;
    if (this.#counted === undefined || compareNames(entry.name, this.#counted) <= 0) this.#sum.toggle(entry);
  }

  async #count(): Promise<void> {
    const pace = new Pace();
    while (this.#counted !== undefined) {
      const { entries, next } = nextReadable(this.#table, this.#readable, this.#counted, CHUNK);
      for (const entry of entries) this.#sum.toggle(entry);
      this.#counted = next;
      await pace.step(CHUNK);
    }
  }
}
