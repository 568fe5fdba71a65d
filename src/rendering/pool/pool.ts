import { availableParallelism } from 'node:os';
import { ResoError } from '../../errors';
import type { OpenSource } from '../source';
import type { Answer, Loaders, Task, Versions } from '../wire/messages';
import { type Child, ChildGone, type ChildOptions } from './child';
import { Crew, type CrewLimits, type Member } from './crew';
import { Job, LITTLE_MEMORY } from './job';
import { Queue } from './queue';

export interface PoolLimits extends CrewLimits {
  /** Jobs that wait. */
  readonly queue: number;
}

export const POOL_LIMITS: PoolLimits = {
  children: Math.min(availableParallelism(), 4),
  queue: 64,
  patience: 10_000,
  idle: 30_000,
  images: 500,
};

/** What images that say how much they need may take together. One that needs more has all to itself. */
const SHARED_MEMORY = 160 * 1_048_576;
/** A job is handed on to another child, and then may need memory. Whoever asks again is mistaken. */
const MOST_TURNS = 3;

/** Hands jobs to children, in the order of the queue, as far as memory has room for them. */
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

  /** Children that ended by themselves, or had to be ended. */
  get restarts(): number {
    return this.#crew.restarts;
  }

  /** Starts a first child. Throws where that can't work. */
  start(): Promise<Versions> {
    return this.#crew.start();
  }

  /** `done` of the job throws NOT_RENDERABLE, RENDER_FAILED, CHANGED, BUSY, CLOSING and what `open` throws. */
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

  /** Whether it could be: a job that a child has already comes to its end all the same. */
  drop(job: Job): boolean {
    if (!this.#queue.remove(job)) return false;
    void job.fail(new ResoError('ABORTED', 'Nobody is waiting for it any more.'));
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
      // Those behind it wait as well: otherwise there would never be room for it.
      if (!this.#hasMemoryFor(job)) return;
      const member = this.#crew.memberFor(job);
      if (!member || !this.#queue.remove(job)) continue;
      void this.#carryOut(job, member);
      if (job.memory > SHARED_MEMORY) this.#crew.makeWay();
    }
  }

  /** Nothing runs beside what needs more than may be shared, not even what needs little. */
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

  /** What is to be done about a job, once the child is free for others. */
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
      return this.#fail(job, new ResoError('RENDER_FAILED', 'No decoder accepted the image.'));
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
  const what = fault === 'hung' ? 'took the decoder too long' : 'crashed the decoder';
  return new ResoError('RENDER_FAILED', `The image ${what}: ${message}.`);
}

function closing(): ResoError {
  return new ResoError('CLOSING', 'The server is shutting down.');
}
