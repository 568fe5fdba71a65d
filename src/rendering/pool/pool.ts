import { availableParallelism } from 'node:os';
import { describeCause, ResoError } from '../../errors';
import type { OpenSource } from '../source';
import type { Answer, Loaders, Task, Versions } from '../wire/messages';
import { Child, ChildGone, type ChildOptions } from './child';
import { type Done, Job, LITTLE_MEMORY } from './job';
import { Queue } from './queue';

export interface PoolLimits {
  /** Processes that decode, beside one for SVG. */
  readonly children: number;
  /** Jobs that wait. */
  readonly queue: number;
  /** Milliseconds for one image. */
  readonly patience: number;
  /** Milliseconds after which a child that has nothing to do ends. */
  readonly idle: number;
  /** Images after which a child is replaced. */
  readonly images: number;
}

export const POOL_LIMITS: PoolLimits = {
  children: Math.min(availableParallelism(), 4),
  queue: 64,
  patience: 10_000,
  idle: 30_000,
  images: 500,
};

/** A child with more in memory than this is replaced. */
const MOST_MEMORY = 150 * 1_048_576;
/** What images that say how much they need may take together. One that needs more has all to itself. */
const SHARED_MEMORY = 160 * 1_048_576;
/** One that is worked at and one that waits for it, so that a child has no pause between them. */
const JOBS_A_CHILD = 2;
/** A job is handed on to another child, and then may need memory. Whoever asks again is mistaken. */
const MOST_TURNS = 3;

/** In a row, before those who wait are told that it can't work. */
const MOST_STARTS = 3;

/** A child and the jobs that it has. */
interface Member {
  readonly child: Child;
  readonly jobs: Set<Job>;
  isRetiring: boolean;
  idleTimer?: NodeJS.Timeout | undefined;
}

/** Hands jobs to children, as many as there are processors, and starts and ends these as needed. */
export class Pool {
  readonly #options: Omit<ChildOptions, 'loaders' | 'patience'>;
  readonly #limits: PoolLimits;
  readonly #queue: Queue;
  readonly #members = new Set<Member>();
  /** In a row. */
  readonly #failedStarts: Record<Loaders, number> = { raster: 0, svg: 0 };
  #lastId = 0;
  #isClosed = false;
  /** Children that ended by themselves, or had to be ended. */
  restarts = 0;

  constructor(options: Omit<ChildOptions, 'loaders' | 'patience'>, limits: PoolLimits) {
    this.#options = options;
    this.#limits = limits;
    this.#queue = new Queue(limits.queue);
  }

  get queued(): number {
    return this.#queue.length;
  }

  get running(): number {
    let running = 0;
    for (const { jobs } of this.#members) running += jobs.size;
    return running;
  }

  /** Starts a first child. Throws where that can't work. */
  start(): Promise<Versions> {
    return this.#startChild('raster').ready;
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
    void job.fail(new ResoError('ABORTED', 'Nobody waits for it any more.'));
    return true;
  }

  /** Resolves when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#queue.jobs()) this.#fail(job, closing());
    const members = [...this.#members];
    for (const { child } of members) child.kill();
    await Promise.all(members.map(({ child }) => child.gone));
  }

  #handOut(): void {
    for (const job of this.#queue.jobs()) {
      // Those behind it wait as well: otherwise there would never be room for it.
      if (!job.isLight && !this.#hasMemoryFor(job)) return;
      const member = this.#memberFor(job);
      if (!member || !this.#queue.remove(job)) continue;
      void this.#carryOut(job, member);
      if (job.memory > SHARED_MEMORY) return this.#makeWay();
    }
  }

  /** Ends the children that have nothing to do, together with what they have in memory. */
  #makeWay(): void {
    for (const member of this.#members)
      if (member.child.isReady && member.jobs.size === 0) this.#retire(member);
  }

  #hasMemoryFor(job: Job): boolean {
    if (this.running === 0) return true;
    return this.#memoryInUse() + job.memory <= SHARED_MEMORY;
  }

  #memoryInUse(): number {
    let sum = 0;
    for (const { jobs } of this.#members) for (const { memory } of jobs) sum += memory;
    return sum;
  }

  /** The one with the least to do. One is started where all have something to do. */
  #memberFor(job: Job): Member | undefined {
    if (this.#memoryInUse() > SHARED_MEMORY) return undefined;
    const members = [...this.#members].filter(
      ({ child, isRetiring }) => child.loaders === job.loaders && !isRetiring,
    );
    const most = job.isLight ? JOBS_A_CHILD : 1;
    const [freest] = members
      .filter(
        ({ child, jobs }) => child.isReady && jobs.size < most && [...jobs].every(({ isLight }) => isLight),
      )
      .sort((a, b) => a.jobs.size - b.jobs.size);
    const mostMembers = job.loaders === 'svg' ? 1 : this.#limits.children;
    if (freest?.jobs.size !== 0 && members.length < mostMembers) this.#startAnother(job.loaders);
    return freest;
  }

  /** What a system has too little of is thrown in some cases, and told later in others. */
  #startAnother(loaders: Loaders): void {
    try {
      this.#startChild(loaders);
    } catch (error) {
      setImmediate(() => {
        this.#couldNotStart(loaders, describeCause(error));
        this.#handOut();
      });
    }
  }

  #startChild(loaders: Loaders): Child {
    const child = new Child({ ...this.#options, loaders, patience: this.#limits.patience });
    const member: Member = { child, jobs: new Set(), isRetiring: false };
    this.#members.add(member);
    child.ready.then(
      () => {
        this.#failedStarts[loaders] = 0;
        this.#rest(member);
        this.#handOut();
      },
      ({ message }: ChildGone) => {
        this.#members.delete(member);
        this.#couldNotStart(loaders, message);
      },
    );
    void child.gone.then(() => this.#lost(member));
    return child;
  }

  #lost(member: Member): void {
    clearTimeout(member.idleTimer);
    this.#members.delete(member);
    if (!member.isRetiring && !this.#isClosed) this.restarts++;
    this.#handOut();
  }

  /** Another one may start, or do the work. Otherwise who waits is told; who comes next has it tried again. */
  #couldNotStart(loaders: Loaders, why: string): void {
    const failures = this.#failedStarts[loaders]++;
    if (this.#isClosed || failures + 1 < MOST_STARTS) return;
    if ([...this.#members].some(({ child }) => child.loaders === loaders)) return;
    this.#failedStarts[loaders] = 0;
    const error = new ResoError('BUSY', `No process to render images could be started: ${why}.`);
    for (const job of this.#queue.jobs()) if (job.loaders === loaders) this.#fail(job, error);
  }

  async #carryOut(job: Job, member: Member): Promise<void> {
    clearTimeout(member.idleTimer);
    member.jobs.add(job);
    const outcome = await this.#outcomeOf(job, member.child);
    member.jobs.delete(job);
    this.#retireIfWorn(member);
    if (member.jobs.size === 0) this.#rest(member);
    outcome();
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
    if (answer.kind !== 'needs') return () => void job.succeed({ answer, bytes } satisfies Done);
    job.turns++;
    job.loaders = answer.loaders;
    job.memory = answer.memory;
    return () => this.#again(job);
  }

  #again(job: Job): void {
    if (this.#isClosed) return this.#fail(job, closing());
    if (job.turns > MOST_TURNS)
      return this.#fail(job, new ResoError('RENDER_FAILED', 'No decoder would take it.'));
    this.#queue.putBack(job);
  }

  #fail(job: Job, error: ResoError): void {
    this.#queue.remove(job);
    void job.fail(error);
  }

  #retireIfWorn(member: Member): void {
    const { child, jobs } = member;
    if (child.answered >= this.#limits.images || child.memory > MOST_MEMORY) member.isRetiring = true;
    if (member.isRetiring && jobs.size === 0) child.kill();
  }

  #retire(member: Member): void {
    member.isRetiring = true;
    member.child.kill();
  }

  #rest(member: Member): void {
    clearTimeout(member.idleTimer);
    member.idleTimer = setTimeout(() => this.#retire(member), this.#limits.idle).unref();
  }
}

function failed({ fault, message }: ChildGone): ResoError {
  const what = fault === 'hung' ? 'takes its decoder too long' : 'crashed its decoder';
  return new ResoError('RENDER_FAILED', `The image ${what}: ${message}.`);
}

function closing(): ResoError {
  return new ResoError('CLOSING', 'The server is shutting down.');
}
