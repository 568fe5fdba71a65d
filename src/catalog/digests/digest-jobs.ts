import type { ImageStore } from '../../stores';
import { cancelled } from '../cancelled';
import type { KnownDigests } from './digest-store';
import { Gate } from './gate';
import { changed, hashImage, type HashOptions } from './hash-image';

/** Images that are hashed at once. */
const MAX_RUNNING = 2;

export interface Watcher {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Awaited between two reads, as long as nobody waits for the image who has none: it is not urgent. */
  readonly rest?: (() => Promise<void>) | undefined;
}

export interface Wanted {
  readonly name: string;
  readonly version: string;
  /** Bytes. */
  readonly size: number;
  /** Hash blocks of so many bytes as well. */
  readonly blockSize?: number | undefined;
}

interface Job {
  readonly blockSize: number | undefined;
  readonly watchers: Set<Watcher>;
  readonly abort: AbortController;
  readonly result: Promise<KnownDigests>;
}

/** Hashes images, each of them once however many wait for it, and stops when nobody does any more. */
export class DigestJobs {
  readonly #store: ImageStore;
  readonly #gate = new Gate(MAX_RUNNING);
  readonly #jobs = new Map<string, readonly Job[]>();

  constructor(store: ImageStore) {
    this.#store = store;
  }

  async digests(wanted: Wanted, watcher: Watcher): Promise<KnownDigests> {
    if (watcher.signal?.aborted) throw cancelled();
    const job = this.#find(wanted) ?? this.#begin(wanted, watcher);
    job.watchers.add(watcher);
    try {
      return await orCancelled(job.result, watcher.signal);
    } finally {
      job.watchers.delete(watcher);
      if (job.watchers.size === 0) job.abort.abort();
    }
  }

  /** A job that hashes blocks, of whatever size, gives the image's digest as well. */
  #find(wanted: Wanted): Job | undefined {
    const running = this.#jobs.get(jobKey(wanted)) ?? [];
    return running.find(
      (job) =>
        !job.abort.signal.aborted && (wanted.blockSize === undefined || wanted.blockSize === job.blockSize),
    );
  }

  #begin(wanted: Wanted, { rest }: Watcher): Job {
    const watchers = new Set<Watcher>();
    const abort = new AbortController();
    const onProgress = (done: number) => watchers.forEach((one) => one.onProgress?.(done, wanted.size));
    const pause = () => restOf(watchers);
    const hash = () => this.#hash(wanted, { onProgress, pause, signal: abort.signal });
    // What rests must not keep others waiting in line.
    const result = rest ? hash() : this.#gate.run(hash);
    const job = { blockSize: wanted.blockSize, watchers, abort, result };
    this.#jobs.set(jobKey(wanted), [...(this.#jobs.get(jobKey(wanted)) ?? []), job]);
    const forget = () => this.#forget(wanted, job);
    result.then(forget, forget);
    return job;
  }

  #forget(wanted: Wanted, job: Job): void {
    const others = this.#jobs.get(jobKey(wanted))?.filter((one) => one !== job) ?? [];
    if (others.length > 0) this.#jobs.set(jobKey(wanted), others);
    else this.#jobs.delete(jobKey(wanted));
  }

  async #hash({ name, version, blockSize }: Wanted, options: Omit<HashOptions, 'blockSize'>) {
    if (options.signal.aborted) throw cancelled();
    const image = await this.#store.open(name);
    try {
      if (image.version !== version) throw changed();
      return await hashImage(image, { blockSize, ...options });
    } finally {
      await image.close();
    }
  }
}

/** The pause that is due, if nobody is in a hurry. */
function restOf(watchers: ReadonlySet<Watcher>): Promise<void> | undefined {
  for (const { rest } of watchers) if (!rest) return undefined;
  const [first] = watchers;
  return first?.rest?.();
}

/** A version belongs to one image; the name keeps hard links apart. */
function jobKey({ name, version }: Wanted): string {
  return `${version}\0${name}`;
}

/** `result`, or CANCELLED as soon as the signal says so. */
function orCancelled<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled());
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
