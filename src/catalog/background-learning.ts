import { setTimeout as sleep } from 'node:timers/promises';
import { ResoError } from '../errors';
import type { StoredEntry } from '../stores';
import { Pace } from '../pace';
import type { EntryTable } from './table/entry-table';

/** Least milliseconds between two scans. */
const LEAST_INTERVAL = 30_000;
/** The pause after a scan is this many times as long as the scan: scanning takes at most 2% of the time. */
const PAUSE_RATIO = 50;
/** Entries per batch. */
const CHUNK = 256;
/** Milliseconds of one pause. It is repeated while clients are being served. */
const PAUSE = 50;

export interface BackgroundWork {
  /** The current images. */
  look(): Promise<EntryTable>;
  isKnown(entry: StoredEntry): boolean;
  /** Finds out what is not known, awaiting `pause` between reads as long as nobody else waits for it. */
  learn(entry: StoredEntry, pause: () => Promise<void>, signal: AbortSignal): Promise<unknown>;
  /** Whether a client is being served. */
  isBusy(): boolean;
}

/** Finds digests and facts of all images, including new ones, one by one and only while no client is being served. */
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

  /** Stops, in the middle of an image if necessary. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const began = performance.now();
      // Without a list there is nothing to do; clients that ask for one are told why.
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

  /** False if the store is away: then it starts over later. */
  async #learn(entry: StoredEntry): Promise<boolean> {
    await this.#pause();
    if (this.#isOver) return false;
    try {
      await this.#work.learn(entry, () => this.#pause(), this.#end.signal);
    } catch (error) {
      // Clients that ask for it are told what is wrong with it.
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

  /** Does not keep the process alive. */
  async #sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#end.signal, ref: false }).catch(() => undefined);
  }
}
