import { describeCause, LocalError } from '../../../errors';
import { setTimesAt } from '../../../files';
import type { OutputFolder } from '../../disk/output-folder';
import { IndexFilter, NOTHING_SENT, type Doubtful } from '../../index/index-filter';
import { newProgress, type Progress } from '../../progress';
import type { DownloadResult } from '../../result';
import { downloadSelected, type RunOptions } from '../../transfer/download';
import type { SyncContext } from './context';
import { Clearing, foresee, foreseeFree, type Foreseen } from './foresee';
import { HeldBack, type Held } from './held-back';

/** A complete list of one generation. */
export interface Listed {
  readonly generation: string;
  readonly images: number;
  readonly unreadable: number;
}

type OnResult = NonNullable<RunOptions['onResult']>;
type Batches = AsyncGenerator<readonly Doubtful[], void, undefined>;

/** Walks through the wanted list and the index side by side, and downloads what the index does not recognize. */
export class SyncFetch {
  readonly #context: SyncContext;
  readonly #progress: Progress;
  readonly #filter: IndexFilter;
  /** Set if obstacles may be deleted afterwards. */
  readonly #heldBack: HeldBack | undefined;
  #clearing: Clearing | undefined;
  readonly #generations = new Set<string>();
  #images = 0;
  #unreadable = 0;

  constructor(context: SyncContext) {
    const { source, options, store, local, report } = context;
    this.#context = context;
    this.#heldBack = options.delete ? new HeldBack() : undefined;
    this.#progress = options.progress ?? newProgress();
    this.#filter = new IndexFilter({
      server: source.server,
      records: () => store.records(),
      local,
      progress: this.#progress,
      isWatched: options.progress !== undefined,
      report,
      note: (record) => void (options.dryRun || store.note(record)),
      setTime: options.dryRun ? undefined : (name, mtime) => setTime(context.output, name, mtime),
    });
  }

  /** Must be followed by `runAgain` if files are deleted, and by `giveUp` in any case. */
  async run(): Promise<void> {
    const doubtful = this.#doubtful();
    await this.#bring(this.#heldBack?.watched(doubtful) ?? doubtful, (result, written) => {
      if (!this.#heldBack?.holds(result)) this.#filter.done(result, written);
    });
  }

  /** Notes a file that a dry run would delete. */
  wouldDelete(name: string): void {
    this.#clearing ??= new Clearing(this.#context.output.root, this.#heldBack!.obstacles);
    this.#clearing.delete(name);
  }

  /** Retries images whose obstacle may have been deleted. */
  async runAgain(): Promise<void> {
    const held = this.#heldBack?.take() ?? [];
    if (held.length === 0) return;
    if (this.#context.options.dryRun) return this.#foreseeAgain(held);
    this.#progress.imagesDone -= held.length;
    const all = held.map(({ one }) => one);
    await this.#bring(only(all), (result, written) => this.#filter.done(result, written));
  }

  /** Reports images that were not retried as failed. */
  giveUp(): void {
    for (const { result } of this.#heldBack?.take() ?? []) this.#filter.done(result);
  }

  async #bring(doubtful: Batches, onResult: OnResult): Promise<void> {
    const { source, options } = this.#context;
    if (options.dryRun) {
      for await (const some of doubtful) for (const one of some) onResult(await this.#foresee(one));
      return;
    }
    const { durable } = options;
    const settings = { overwrite: true, durable, onResult, progress: this.#progress };
    try {
      await downloadSelected(source, this.#context, settings, () => doubtful);
    } finally {
      await this.#filter.flush();
    }
  }

  /** How many of the listed images and folders the server can't read. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** The single generation of the whole list, and its number of images; undefined if there was more than one. */
  get listed(): Listed | undefined {
    const [generation] = this.#generations;
    if (generation === undefined || this.#generations.size > 1) return undefined;
    return { generation, images: this.#images, unreadable: this.#unreadable };
  }

  #doubtful(): AsyncGenerator<readonly Doubtful[], void, undefined> {
    const { isKnown, store } = this.#context;
    return isKnown ? this.#filter.doubtfulOf(store.batches()) : this.#filter.doubtful(this.#batches());
  }

  async *#batches(): AsyncGenerator<Doubtful[], void, undefined> {
    const { wanted, scope, postponed } = this.#context;
    for await (const { generation, images, unreadable = 0 } of wanted.pages(scope.globs)) {
      this.#unreadable += unreadable;
      this.#generations.add(generation);
      this.#images += images.length;
      const inScope = images.filter(({ name }) => scope.has(name));
      yield (postponed ? inScope.filter((image) => !postponed.leaves(image)) : inScope).map(wanted.select);
    }
  }

  async #foresee(one: Doubtful): Promise<DownloadResult> {
    this.#filter.takeBefore(one.name);
    this.#progress.imagesDone++;
    this.#progress.bytesDone += one.entry.size;
    return resultOf(one, await foresee(this.#context, one));
  }

  async #foreseeAgain(held: readonly Held[]): Promise<void> {
    for (const { one, result, obstacle } of held) {
      const isCleared = (await this.#clearing?.clears(obstacle)) ?? false;
      const foreseen = isCleared ? resultOf(one, await foreseeFree(this.#context, one)) : result;
      this.#filter.done(foreseen);
    }
  }
}

async function setTime(output: OutputFolder, name: string, mtime: number): Promise<void> {
  try {
    await setTimesAt(output.path(name), mtime);
  } catch (cause) {
    const advice = 'Become the owner of the file, or delete it so that it is downloaded again.';
    const message = `Can't set its modification time: ${describeCause(cause)}. ${advice}`;
    throw new LocalError('DISK', message, { cause, image: name });
  }
}

function resultOf({ entry: { name, size } }: Doubtful, foreseen: Foreseen): DownloadResult {
  return { name, size, ...NOTHING_SENT, ...foreseen };
}

async function* only(all: readonly Doubtful[]): Batches {
  yield all;
}
