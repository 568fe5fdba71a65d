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

/** Images in progress at a time: enough to keep every connection's window full of small ones. */
const MOST_ACTIVE = 512;

export interface DownloadSource {
  readonly pool: Pool;
  readonly server: string;
  readonly settings: Settings;
  readonly retries: number;
  readonly lister: Lister;
  /** How many of the listed images and folders the server can't read so far. */
  readonly unreadable: number;
  readonly signal: AbortSignal | undefined;
  /** ABORTED, once the signal is aborted. */
  aborted(): ResoError | undefined;
}

export interface RunOptions extends Omit<DownloadOptions, 'onResult'> {
  /** `written` has the times of a downloaded image's file, if they were read. */
  readonly onResult?: ((result: DownloadResult, written?: Written) => void) | undefined;
}

/** The images that match `patterns`, until the signal is aborted. */
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
 * Downloads the images that `selected` yields and `sieve` passes on. `selected` is given a callback for patterns that match
 * nothing. The caller must leave the work folders.
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
  /** Images downloaded on the regular path. */
  #ordinary = 0;
  #onDone: () => void = () => undefined;
  /** Names of which the server has no image but may have a folder. */
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
      // Bounds the memory, however many names the server does not know.
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
      // A promise costs about as much as a system call.
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

  /** Lanes are only for images whose local file was checked. */
  async #look(one: Selected): Promise<Selected> {
    try {
      return { ...one, looked: { found: await this.#context.output.lookUp(one.name) } };
    } catch {
      // The regular path reports the reason.
      return one;
    }
  }

  #takesLane(one: Selected): boolean | Promise<boolean> {
    if (this.#ordinary === 0) this.#gathering.hasFailed = false;
    return this.#gathering.take(one);
  }

  /** Tries names that turned out not to be images as folders. */
  async takeFolders(): Promise<void> {
    while (this.#maybeFolders.length > 0 && !this.#isOver) {
      const some = this.#maybeFolders.slice(0, FOLDERS_AT_ONCE);
      const names = some.map(({ name }) => name);
      const isAny = await hasAnyIn(this.#source.lister, names);
      for (const result of some) {
        // It was counted as an image.
        this.#uncount();
        const isFolder = isAny && (await this.#takeFolder(result.name));
        // A folder that was not listed completely is reported like a name that was not reached.
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

  /** This pattern matches nothing. */
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

  /** Throws the error that ended it early, if any. */
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

  /** Not a `Promise.race` of everything in progress: each race would pile up handlers on a slow one. */
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
    // The file may be a different one by now.
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
    // Thrown later, once.
    if (result.error && result.error === this.#health.unusableOutput) return;
    if (this.#thrown) return;
    try {
      this.#options.onResult?.(result, written);
    } catch (error) {
      // It ends the download, but images in progress finish, so that their partials are left in order.
      this.#thrown = { error };
    }
  }
}

/** The image arrived whole, in one attempt. */
const BY_LANE = { resumedFrom: 0, attempts: 1 };

function failed(name: string, error: ResoError): DownloadResult {
  return { name, outcome: 'failed', error, code: error.code, bytesReceived: 0, resumedFrom: 0, attempts: 0 };
}
