import { Gate } from '../../pace';
import type { ImageStore } from '../../stores';
import { cancelled, changed } from '../catalog';
import type { KnownDigests } from './digest-store';
import { hashImage, type HashOptions } from './hash-image';

/** Images that are hashed at once. */
const MAX_RUNNING = 2;

export interface Waiter {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Awaited between reads as long as everyone waiting for the image has one: then it is not urgent. */
  readonly pause?: (() => Promise<void>) | undefined;
}

export interface ImageToHash {
  readonly name: string;
  readonly version: string;
  /** Bytes. */
  readonly size: number;
  /** Also hash blocks of this many bytes. */
  readonly blockSize?: number | undefined;
}

interface Job {
  readonly blockSize: number | undefined;
  readonly waiters: Set<Waiter>;
  readonly abort: AbortController;
  readonly result: Promise<KnownDigests>;
}

/** Hashes images, each only once however many callers wait for it. Stops when nobody is waiting. */
export class DigestJobs {
  readonly #store: ImageStore;
  readonly #gate = new Gate(MAX_RUNNING);
  readonly #jobs = new Map<string, readonly Job[]>();

  constructor(store: ImageStore) {
    this.#store = store;
  }

  async digests(wanted: ImageToHash, waiter: Waiter): Promise<KnownDigests> {
    if (waiter.signal?.aborted) throw cancelled();
    const job = this.#find(wanted) ?? this.#begin(wanted, waiter);
    job.waiters.add(waiter);
    try {
      return await orCancelled(job.result, waiter.signal);
    } finally {
      job.waiters.delete(waiter);
      if (job.waiters.size === 0) job.abort.abort();
    }
  }

  /** A job that hashes blocks, of any size, also yields the image's digest. */
  #find(wanted: ImageToHash): Job | undefined {
    const running = this.#jobs.get(jobKey(wanted)) ?? [];
    return running.find(
      (job) =>
        !job.abort.signal.aborted && (wanted.blockSize === undefined || wanted.blockSize === job.blockSize),
    );
  }

  #begin(wanted: ImageToHash, { pause: ownPause }: Waiter): Job {
    const waiters = new Set<Waiter>();
    const abort = new AbortController();
    const onProgress = (done: number) => waiters.forEach((one) => one.onProgress?.(done, wanted.size));
    const pause = () => pauseOf(waiters);
    const hash = () => this.#hash(wanted, { onProgress, pause, signal: abort.signal });
    // A job that pauses must not keep others waiting in line.
    const result = ownPause ? hash() : this.#gate.run(hash);
    const job = { blockSize: wanted.blockSize, waiters, abort, result };
    this.#jobs.set(jobKey(wanted), [...(this.#jobs.get(jobKey(wanted)) ?? []), job]);
    const forget = () => this.#forget(wanted, job);
    result.then(forget, forget);
    return job;
  }

  #forget(wanted: ImageToHash, job: Job): void {
    const others = this.#jobs.get(jobKey(wanted))?.filter((one) => one !== job) ?? [];
    if (others.length > 0) this.#jobs.set(jobKey(wanted), others);
    else this.#jobs.delete(jobKey(wanted));
  }

  async #hash({ name, version, blockSize }: ImageToHash, options: Omit<HashOptions, 'blockSize'>) {
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

/** The pause to make, if nobody is in a hurry. */
function pauseOf(waiters: ReadonlySet<Waiter>): Promise<void> | undefined {
  for (const { pause } of waiters) if (!pause) return undefined;
  const [first] = waiters;
  return first?.pause?.();
}

/** A version belongs to one image; the name distinguishes hard links. */
function jobKey({ name, version }: ImageToHash): string {
  return `${version}\0${name}`;
}

/** `result`, or CANCELLED as soon as the signal is aborted. */
function orCancelled<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled());
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
