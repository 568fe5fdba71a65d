/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import { ResoError } from '../../errors';
import type { DownloadOptions } from './options';
import type { Names } from '../plan/patterns';
import type { Pool } from '../net/pool';
import { Fleet } from './lanes/fleet';
import { Gathering } from './gathering';
import type { Placed } from './lanes/order';
import type { Written } from '../disk/file-state';
import { countIn, countOut, newProgress } from '../progress';
import type { DownloadResult } from '../result';
import type { Settings } from '../net/settings';
import { Backlog } from './backlog';
import type { Destination, DownloadContext } from './context';
import { Durability } from '../disk/durability';
import type * as Foresee from './foresee';
import type { RunHealth } from './run-health';
import { ImageDownload } from './image-download';
import { NameLocks } from '../disk/name-locks';
import {
  FOLDERS_AT_ONCE,
  hasAnyIn,
  inFolder,
  select,
  type Lister,
  type OnMissing,
  type Selected,
  type Selection,
} from '../plan/select';
import { until } from './until';

/** Images that are begun and not done at a time: enough to keep every connection's window full of small ones. */
const MOST_ACTIVE = 512;

export interface DownloadSource {
  readonly pool: Pool;
  readonly server: string;
  readonly settings: Settings;
  readonly retries: number;
  readonly lister: Lister;
  /** How much was asked of the lister so far that the server can't read. */
  readonly unreadable: number;
  readonly signal: AbortSignal | undefined;
  /** ABORTED, once the signal is given. */
  aborted(): ResoError | undefined;
}

export interface RunOptions extends Omit<DownloadOptions, 'onResult'> {
  /** `written` is of the file of an image that was downloaded, where it was looked at since. */
  readonly onResult?: ((result: DownloadResult, written?: Written) => void) | undefined;
}

/** What `patterns` stand for, until the signal is given. */
export function selectFrom(
  { lister, signal }: DownloadSource,
  patterns: Names | undefined,
  onMissing: OnMissing,
): Selection {
  return select(lister, patterns && until(signal, patterns), onMissing);
}

/** Lets those through that are to be downloaded, all of them counted. */
export type Sieve = (selected: Selection) => Selection;

/**
 * Downloads what `selected` gives and `sieve` lets through. `selected` is told where to say for what there is nothing.
 * To leave the work folders is up to the caller.
 */
export async function downloadSelected(
  source: DownloadSource,
  destination: Destination,
  options: RunOptions,
  selected: (onMissing: OnMissing) => Selection,
  sieve: Sieve = (all) => all,
): Promise<void> {
  const run = new DownloadRun(source, destination, options, sieve);
  let cause: unknown;
  try {
    await run.take(selected(run.missing));
    await run.takeFolders();
  } catch (error) {
    cause = error;
    throw error;
  } finally {
    await run.end(cause);
  }
  run.check();
}

class DownloadRun {
  readonly #source: DownloadSource;
  readonly #options: RunOptions;
  readonly #sieve: Sieve;
  readonly #context: DownloadContext;
  readonly #active = new Set<string>();
  readonly #gathering: Gathering;
  /** Images that come in the ordinary way. */
  #ordinary = 0;
  #onDone: () => void = () => undefined;
  /** Names that the server has no image of, and may have a folder of. */
  readonly #maybeFolders: DownloadResult[] = [];
  readonly #health: RunHealth;
  /** What the caller's `onResult` threw. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(source: DownloadSource, destination: Destination, options: RunOptions, sieve: Sieve) {
    this.#source = source;
    this.#sieve = sieve;
    this.#options = options;
    const { health, output, work } = destination;
    this.#health = health;
    const progress = options.progress ?? newProgress();
    const overwrite = options.overwrite ?? false;
    this.#context = {
      pool: source.pool,
      server: source.server,
      health,
      output,
      work,
      backlog: new Backlog(),
      overwrite,
      fleet: new Fleet({ pool: source.pool, settings: source.settings, output, overwrite, progress }),
      nameLocks: new NameLocks(),
      durability: options.durable ? new Durability(output) : undefined,
      retries: source.retries,
      progress,
      signal: source.signal,
      report: (result) => this.#report(result),
    };
    this.#gathering = new Gathering(this.#context, (image, placed) => this.#cameByLane(image, placed));
  }

  async take(selected: Selection): Promise<void> {
    for await (const some of this.#sieve(selected)) {
      await this.#addAll(some);
      if (this.#isOver) return;
      // What is remembered is bounded, however many names the server does not know.
      if (this.#maybeFolders.length >= MOST_ACTIVE) await this.takeFolders();
    }
    await this.#fewerThan(1);
  }

  async #addAll(some: readonly Selected[]): Promise<void> {
    for (const one of some) {
      if (this.#isOver) return;
      if (this.#active.has(one.name)) {
        countOut(this.#context.progress, one.entry?.size);
        continue;
      }
      this.#active.add(one.name);
      const image = one.looked || !this.#usesLanes ? one : await this.#look(one);
      const taken = this.#usesLanes && this.#takesLane(image);
      // A promise costs about what a system call does.
      if (taken === true || (taken !== false && (await taken))) {
        if (!this.#context.fleet.hasRoom) await this.#context.fleet.room();
      } else {
        this.#addOrdinary(image);
        while (this.#ordinary >= MOST_ACTIVE) await this.#anyDone();
      }
    }
    this.#gathering.flushIfIdle();
  }

  get #usesLanes(): boolean {
    return this.#context.fleet.isUsable && !this.#options.dryRun;
  }

  /** Lanes are for images that somebody has looked for here. */
  async #look(one: Selected): Promise<Selected> {
    try {
      return { ...one, looked: { found: await this.#context.output.lookUp(one.name) } };
    } catch {
      // The ordinary way says why.
      return one;
    }
  }

  #takesLane(one: Selected): boolean | Promise<boolean> {
    if (this.#ordinary === 0) this.#gathering.hasFailed = false;
    return this.#gathering.take(one);
  }

  /** Tries as folders what turned out not to be images. */
  async takeFolders(): Promise<void> {
    while (this.#maybeFolders.length > 0 && !this.#isOver) {
      const some = this.#maybeFolders.slice(0, FOLDERS_AT_ONCE);
      const names = some.map(({ name }) => name);
      const isAny = await hasAnyIn(this.#source.lister, names);
      for (const result of some) {
        // It was counted as an image.
        this.#uncount();
        const isFolder = isAny && (await this.#takeFolder(result.name));
        // What was not gone through to its end is told of as what was not come to.
        if (this.#isOver) return;
        this.#maybeFolders.shift();
        if (isFolder) continue;
        this.#countMissing();
        this.#publish(result);
      }
    }
  }

  /** Whether there is such a folder. */
  async #takeFolder(name: string): Promise<boolean> {
    let isFolder = true;
    const missing = () => void (isFolder = false);
    for await (const some of this.#sieve(inFolder(this.#source.lister, name, missing))) {
      if (this.#isOver) break;
      await this.#addAll(some);
    }
    await this.#fewerThan(1);
    return isFolder;
  }

  #uncount(): void {
    this.#context.progress.imagesTotal--;
    this.#context.progress.imagesDone--;
  }

  /** There is nothing that this pattern stands for. */
  readonly missing = (pattern: string, error: ResoError): void => {
    this.#countMissing();
    this.#publish(failed(pattern, error));
  };

  #countMissing(): void {
    countIn(this.#context.progress, 0);
    this.#context.progress.imagesDone++;
  }

  /** Waits for what is under way. `cause` is what kept it from taking the rest, if anything did. */
  async end(cause: unknown): Promise<void> {
    await this.#fewerThan(1);
    await this.#context.fleet.close();
    const error =
      cause instanceof ResoError ? cause : (this.#health.unusableOutput ?? this.#source.aborted());
    for (const result of this.#maybeFolders.splice(0)) {
      this.#publish(error ? { ...result, error, code: error.code } : result);
    }
  }

  /** Throws what ended it early, if anything did. */
  check(): void {
    if (this.#thrown) throw this.#thrown.error;
    const unusable = this.#health.unusableOutput;
    if (unusable) throw unusable;
    const aborted = this.#source.aborted();
    if (aborted) throw aborted;
  }

  get #isOver(): boolean {
    const cause = this.#thrown ?? this.#health.unusableOutput ?? this.#source.aborted();
    return cause !== undefined;
  }

  /** Not a race of all that are under way: each would pile up on a slow one. */
  async #fewerThan(limit: number): Promise<void> {
    this.#gathering.flush();
    while (this.#active.size >= limit) await this.#anyDone();
  }

  #anyDone(): Promise<void> {
    return new Promise((resolve) => (this.#onDone = resolve));
  }

  #done(name: string): void {
    this.#active.delete(name);
    this.#onDone();
  }

  #addOrdinary(selected: Selected): void {
    this.#ordinary++;
    const done = () => {
      this.#ordinary--;
      this.#done(selected.name);
    };
    if (this.#options.dryRun) void this.#foresee(selected).then(done);
    else void new ImageDownload(selected, this.#context, done).start();
  }

  async #foresee(selected: Selected): Promise<void> {
    const { foresee } = require('./foresee') as typeof Foresee;
    const result = await foresee(selected, this.#context);
    const { progress } = this.#context;
    const { size = 0 } = result;
    if (!selected.entry) progress.imagesUnsized--;
    progress.imagesDone++;
    progress.bytesTotal += size - (selected.entry?.size ?? 0);
    progress.bytesDone += size;
    this.#report(result);
  }

  #cameByLane(selected: Selected, placed: Placed | undefined): void {
    // What lies there may be another file by now.
    if (!placed) return this.#addOrdinary({ ...selected, looked: undefined });
    const { name, entry } = selected;
    const { written, ...state } = placed;
    const { progress } = this.#context;
    const { size } = state;
    if (!entry) progress.imagesUnsized--;
    progress.bytesTotal += size - (entry?.size ?? 0);
    progress.bytesDone += size;
    progress.bytesReceived += size;
    progress.imagesDone++;
    progress.current = { name, size, done: size };
    const replaced = selected.looked?.found !== undefined;
    const result = {
      name,
      outcome: 'downloaded',
      replaced,
      ...state,
      ...BY_LANE,
      bytesReceived: size,
    } as const;
    this.#publish(result, written);
    this.#done(name);
  }

  #report(result: DownloadResult): void {
    if (result.code === 'NOT_FOUND' && result.size === undefined) this.#maybeFolders.push(result);
    else this.#publish(result);
  }

  #publish(result: DownloadResult, written?: Written): void {
    // That is thrown, once.
    if (result.error && result.error === this.#health.unusableOutput) return;
    if (this.#thrown) return;
    try {
      this.#options.onResult?.(result, written);
    } catch (error) {
      // It ends the download, but not those that are under way: their partials are left in order.
      this.#thrown = { error };
    }
  }
}

/** It came whole, and at once. */
const BY_LANE = { resumedFrom: 0, attempts: 1 };

function failed(name: string, error: ResoError): DownloadResult {
  return { name, outcome: 'failed', error, code: error.code, bytesReceived: 0, resumedFrom: 0, attempts: 0 };
}
