import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageStore } from '../../stores';
import { cancelled, type GenerationQuery, type View } from '../catalog';
import type { EntryTable } from './entry-table';
import type { FreshTable } from './fresh-table';
import type { Generations } from './generations';

/** Milliseconds between two glances at what the store has counted, which cost next to nothing. */
const GLANCE = 200;
/** Milliseconds between two checks whether the store is still there. */
const LOOK = 1000;
/** Milliseconds between two scans of a store that does not count its changes. */
const BLIND = 3000;
/** The pause after a scan is this many times as long as the scan. */
const PAUSE_RATIO = 4;

interface Watcher {
  readonly view: View;
  readonly unless: string;
  resolve(generation: string): void;
  reject(error: unknown): void;
}

/** Tells all who wait when the generation is another one. It watches the store only while somebody waits. */
export class GenerationWatch {
  readonly #store: ImageStore;
  readonly #fresh: FreshTable;
  readonly #generations: Generations;
  readonly #watchers = new Set<Watcher>();
  readonly #end = new AbortController();
  #running: Promise<void> | undefined;
  #table: EntryTable | undefined;
  /** What the watchers were told last. */
  #told: string | undefined;
  #moves = 0;
  /** When the store was checked, and when the last scan for watchers ended. */
  #looked = -Infinity;
  #scanned = -Infinity;

  constructor(store: ImageStore, fresh: FreshTable, generations: Generations) {
    this.#store = store;
    this.#fresh = fresh;
    this.#generations = generations;
  }

  /** As `Catalog.nextGeneration`. */
  next({ unless, patience, signal, ...view }: GenerationQuery): Promise<string> {
    if (signal.aborted || this.#end.signal.aborted) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.#watchers.delete(watcher);
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          leave();
          settle(value);
        };
      const watcher = { view, unless, resolve: settled(resolve), reject: settled(reject) };
      const abort = () => watcher.reject(cancelled());
      const timer = setTimeout(() => watcher.resolve(unless), patience);
      signal.addEventListener('abort', abort, { once: true });
      this.#watchers.add(watcher);
      if (this.#table) this.#tell(watcher);
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
    });
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#rejectAll(cancelled());
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#watchers.size > 0) {
      await this.#check().catch((error: unknown) => this.#rejectAll(error));
      this.#tellAll();
      await sleep(GLANCE, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  /** Scans the store if it may have changed. Throws UNAVAILABLE. */
  async #check(): Promise<void> {
    const now = performance.now();
    if (now - this.#looked >= LOOK) {
      this.#moves = await this.#store.look();
      this.#looked = now;
    }
    if (this.#table && !this.#fresh.mayHaveChanged(this.#moves)) return;
    const isBlind = this.#store.changes === undefined;
    const pause = Math.max(isBlind ? BLIND : GLANCE, PAUSE_RATIO * this.#fresh.duration);
    if (this.#table && now - this.#scanned < pause) return;
    this.#table = await this.#fresh.fresh();
    this.#scanned = performance.now();
  }

  /** The table may have been updated for others as well. */
  #tellAll(): void {
    if (!this.#table || this.#table.generation === this.#told) return;
    this.#told = this.#table.generation;
    for (const watcher of this.#watchers) this.#tell(watcher);
  }

  #tell({ view, unless, resolve, reject }: Watcher): void {
    this.#generations.of(view).then((now) => void (now === unless || resolve(now)), reject);
  }

  #rejectAll(error: unknown): void {
    for (const watcher of this.#watchers) watcher.reject(error);
  }
}
