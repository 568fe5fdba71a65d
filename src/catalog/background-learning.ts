import { setTimeout as sleep } from 'node:timers/promises';
import { ResoError } from '../errors';
import type { StoredEntry } from '../stores';
import { Pace } from './pace';
import type { EntryTable } from './table/entry-table';

/** Milliseconds between two looks at what there is, at least. */
const LEAST_INTERVAL = 30_000;
/** The pause after a look is this many times as long as the look: looking takes 2 % of the time at most. */
const PAUSE_RATIO = 50;
/** Entries that are looked at in one go. */
const CHUNK = 256;
/** Milliseconds of one pause. They are repeated while somebody is served. */
const PAUSE = 50;

export interface BackgroundWork {
  /** What there is now. */
  look(): Promise<EntryTable>;
  isKnown(entry: StoredEntry): boolean;
  /** Finds out what is not known, and awaits `pause` between two reads for as long as nobody else waits for it. */
  learn(entry: StoredEntry, pause: () => Promise<void>, signal: AbortSignal): Promise<unknown>;
  /** Whether somebody is being served. */
  isBusy(): boolean;
}

/** Learns digests and facts of all images, also of later ones, one after the other and only while nobody is served. */
export class BackgroundLearning {
  readonly #work: BackgroundWork;
  readonly #end = new AbortController();
  readonly #pace = new Pace();
  /** The generation whose digests are all known, as far as possible. */
  #generation: string | undefined;
  #running: Promise<void> | undefined;

  constructor(work: BackgroundWork) {
    this.#work = work;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends it, in the middle of an image if need be. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const began = performance.now();
      // Without a list there is nothing to do; whoever asks for one is told why.
      const table = await this.#work.look().catch(() => undefined);
      const took = performance.now() - began;
      if (table && table.generation !== this.#generation) await this.#learnAll(table);
      await this.#sleep(Math.max(LEAST_INTERVAL, PAUSE_RATIO * took));
    }
  }

  async #learnAll(table: EntryTable): Promise<void> {
    const { generation } = table;
    let after: string | undefined;
    for (let chunk = table.next(after, CHUNK); chunk.length > 0; chunk = table.next(after, CHUNK)) {
      for (const entry of chunk) {
        if (this.#isOver) return;
        await this.#pace.step();
        if (entry.unreadable !== undefined) continue;
        if (!this.#work.isKnown(entry) && !(await this.#learn(entry))) return;
      }
      after = chunk.at(-1)!.name;
    }
    this.#generation = generation;
  }

  /** False if the store is away: then all begins anew later. */
  async #learn(entry: StoredEntry): Promise<boolean> {
    await this.#pause();
    if (this.#isOver) return false;
    try {
      await this.#work.learn(entry, () => this.#pause(), this.#end.signal);
    } catch (error) {
      // Whoever asks for it is told what is wrong with it.
      if (!(error instanceof ResoError)) throw error;
      if (error.code === 'UNAVAILABLE') return false;
    }
    return true;
  }

  async #pause(): Promise<void> {
    while (this.#work.isBusy() && !this.#isOver) await this.#sleep(PAUSE);
  }

  get #isOver(): boolean {
    return this.#end.signal.aborted;
  }

  /** Keeps no process alive. */
  async #sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#end.signal, ref: false }).catch(() => undefined);
  }
}
