import { countIn, type Progress } from '../progress';

/** Things that are listed ahead of what is done with them: so many totals are known early, and memory is bounded. */
const MOST_AHEAD = 16_384;

/** Counts what `batches` bring as soon as it is listed, which runs ahead of whoever takes it. `sizeOf` may not know. */
export async function* countedAhead<T>(
  batches: AsyncIterable<readonly T[]>,
  progress: Progress,
  sizeOf: (one: T) => number | undefined,
  most = MOST_AHEAD,
): AsyncGenerator<readonly T[], void, undefined> {
  const reading = new ReadAhead(counted(batches, progress, sizeOf), most);
  try {
    for (let batch = await reading.next(); batch; batch = await reading.next()) yield batch;
  } finally {
    reading.stop();
  }
}

async function* counted<T>(
  batches: AsyncIterable<readonly T[]>,
  progress: Progress,
  sizeOf: (one: T) => number | undefined,
): AsyncGenerator<readonly T[], void, undefined> {
  progress.isListed = false;
  for await (const batch of batches) {
    for (const one of batch) countIn(progress, sizeOf(one));
    yield batch;
  }
  progress.isListed = true;
}

/** Reads batches until so many things are ahead of whoever takes them. */
class ReadAhead<T> {
  readonly #batches: AsyncGenerator<readonly T[], void, undefined>;
  readonly #most: number;
  readonly #ahead: (readonly T[])[] = [];
  #count = 0;
  #isOver = false;
  #failure: { readonly cause: unknown } | undefined;
  #wakeTaker = () => {};
  #wakeReader = () => {};

  constructor(batches: AsyncGenerator<readonly T[], void, undefined>, most: number) {
    this.#batches = batches;
    this.#most = most;
    void this.#read();
  }

  /** Undefined at the end. Throws what the batches throw, behind what came before. */
  async next(): Promise<readonly T[] | undefined> {
    while (this.#ahead.length === 0 && !this.#isOver)
      await new Promise<void>((resolve) => (this.#wakeTaker = resolve));
    const batch = this.#ahead.shift();
    this.#count -= batch?.length ?? 0;
    this.#wakeReader();
    if (!batch && this.#failure) throw this.#failure.cause;
    return batch;
  }

  /** Not waited for: names may come from somewhere that never gives another. */
  stop(): void {
    this.#isOver = true;
    this.#wakeReader();
    this.#batches.return().catch(() => undefined);
  }

  async #read(): Promise<void> {
    try {
      for await (const batch of this.#batches) {
        this.#ahead.push(batch);
        this.#count += batch.length;
        this.#wakeTaker();
        while (this.#count >= this.#most && !this.#isOver)
          await new Promise<void>((resolve) => (this.#wakeReader = resolve));
        if (this.#isOver) return;
      }
    } catch (cause) {
      this.#failure = { cause };
    } finally {
      this.#isOver = true;
      this.#wakeTaker();
    }
  }
}
