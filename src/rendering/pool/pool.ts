import { availableParallelism } from 'node:os';
import { ResoError } from '../../errors';
import type { OpenSource } from '../source';
import type { Answer, Loaders, Task, Versions } from '../wire/messages';
import { type Child, ChildGone, type ChildOptions } from './child';
import { Crew, type CrewLimits, type Member } from './crew';
import { Job, LITTLE_MEMORY } from './job';
import { Queue } from './queue';

export interface PoolLimits extends CrewLimits {
  /** Jobs that may wait. */
  readonly queue: number;
}

export const POOL_LIMITS: PoolLimits = {
  children: Math.min(availableParallelism(), 4),
  queue: 64,
  patience: 10_000,
  idle: 30_000,
  images: 500,
};

/** Memory limit for the jobs that run at the same time. A job that needs more runs alone. */
const SHARED_MEMORY = 160 * 1_048_576;
/** A job may need another child, then more memory. Anything beyond that is a fault of the decoder. */
const MOST_TURNS = 3;

/** Hands jobs to children, in the order of the queue, within the memory limit. */
export class Pool {
  readonly #queue: Queue;
  readonly #crew: Crew;
  #lastId = 0;
  #isClosed = false;

  constructor(options: Omit<ChildOptions, 'loaders' | 'patience'>, limits: PoolLimits) {
    this.#queue = new Queue(limits.queue);
    this.#crew = new Crew(options, limits, {
      onFree: () => this.#handOut(),
      onCannotStart: (loaders, why) => this.#failAll(loaders, why),
    });
  }

  get queued(): number {
    return this.#queue.length;
  }

  get running(): number {
    return this.#crew.jobs.length;
  }

  /** Children that exited on their own or had to be killed. */
  get restarts(): number {
    return this.#crew.restarts;
  }

  /** Starts the first child. Rejects if that fails. */
  start(): Promise<Versions> {
    return this.#crew.start();
  }

  /** The job's `done` rejects with NOT_RENDERABLE, RENDER_FAILED, CHANGED, BUSY, CLOSING or what `open` throws. */
  submit(task: Task, open: OpenSource, isUrgent: boolean): Job {
    const job = new Job(task, open, isUrgent);
    if (this.#isClosed) throw closing();
    this.#queue.add(job);
    this.#handOut();
    return job;
  }

  urge(job: Job): void {
    this.#queue.urge(job);
  }

  /** Whether the job was dropped: one that a child already has is finished anyway. */
  drop(job: Job): boolean {
    if (!this.#queue.remove(job)) return false;
    void job.fail(new ResoError('ABORTED', 'All callers have cancelled.'));
    return true;
  }

  /** Resolves when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#queue.jobs()) this.#fail(job, closing());
    await this.#crew.close();
  }

  #handOut(): void {
    for (const job of this.#queue.jobs()) {
      // Later jobs wait too, or there would never be room for this one.
      if (!this.#hasMemoryFor(job)) return;
      const member = this.#crew.memberFor(job);
      if (!member || !this.#queue.remove(job)) continue;
      void this.#carryOut(job, member);
      if (job.memory > SHARED_MEMORY) this.#crew.makeWay();
    }
  }

  /** A job that exceeds the shared limit runs alone: not even a light job runs next to it. */
  #hasMemoryFor(job: Job): boolean {
    const { jobs } = this.#crew;
    if (jobs.length === 0) return true;
    return jobs.reduce((sum, { memory }) => sum + memory, job.memory) <= SHARED_MEMORY;
  }

  async #carryOut(job: Job, member: Member): Promise<void> {
    this.#crew.give(member, job);
    const settle = await this.#outcomeOf(job, member.child);
    this.#crew.take(member, job);
    settle();
    this.#handOut();
  }

  /** Returns how to settle the job; the caller does so after freeing the child. */
  async #outcomeOf(job: Job, child: Child): Promise<() => void> {
    try {
      const opened = await job.open();
      if (!child.isReady) return () => this.#again(job);
      const { path, size } = opened.source;
      const memory = Math.max(LITTLE_MEMORY, job.memory);
      const order = { id: ++this.#lastId, path, size, memory, task: job.task };
      const { answer, bytes } = await child.carryOut(order);
      if (!(await opened.isUnchanged()))
        throw new ResoError('CHANGED', 'The image changed while it was read.');
      return this.#settle(job, answer, bytes);
    } catch (error) {
      if (!(error instanceof ChildGone)) return () => void job.fail(error);
      if (this.#isClosed || !error.fault) return () => this.#again(job);
      return () => void job.fail(failed(error));
    }
  }

  #settle(job: Job, answer: Answer, bytes: Buffer): () => void {
    if (answer.kind === 'refused') return () => void job.fail(new ResoError(answer.code, answer.message));
    if (answer.kind !== 'needs') return () => void job.succeed({ answer, bytes });
    job.turns++;
    job.loaders = answer.loaders;
    job.memory = answer.memory;
    return () => this.#again(job);
  }

  #again(job: Job): void {
    if (this.#isClosed) return this.#fail(job, closing());
    if (job.turns > MOST_TURNS)
      return this.#fail(job, new ResoError('RENDER_FAILED', 'No decoder could handle the image.'));
    this.#queue.putBack(job);
  }

  #fail(job: Job, error: ResoError): void {
    this.#queue.remove(job);
    void job.fail(error);
  }

  #failAll(loaders: Loaders, why: string): void {
    const error = new ResoError('BUSY', `No decoder process could be started: ${why}.`);
    for (const job of this.#queue.jobs()) if (job.loaders === loaders) this.#fail(job, error);
  }
}

function failed({ fault, message }: ChildGone): ResoError {
  const what = fault === 'hung' ? 'Decoding the image took too long' : 'The image crashed the decoder';
  return new ResoError('RENDER_FAILED', `${what}: ${message}.`);
}

function closing(): ResoError {
  return new ResoError('CLOSING', 'The server is shutting down.');
}
