import { describeCause } from '../../errors';
import type { Loaders, Versions } from '../wire/messages';
import { Child, type ChildGone, type ChildOptions } from './child';
import type { Job } from './job';

export interface CrewLimits {
  /** Decoder processes, not counting the one for SVG. */
  readonly children: number;
  /** Time limit for one image, in milliseconds. */
  readonly patience: number;
  /** Milliseconds after which an idle child is ended. */
  readonly idle: number;
  /** Images after which a child is replaced. */
  readonly images: number;
}

export interface CrewEvents {
  /** A child has room. */
  onFree(): void;
  /** No child with these loaders can be started. */
  onCannotStart(loaders: Loaders, why: string): void;
}

/** A child that uses more memory than this is replaced. */
const MOST_MEMORY = 150 * 1_048_576;
/** One in progress and one waiting, so that a child is never idle between two jobs. */
const JOBS_A_CHILD = 2;
/** Failed starts in a row before waiting jobs fail. */
const MOST_STARTS = 3;

/** A child and its jobs. */
export interface Member {
  readonly child: Child;
  readonly jobs: Set<Job>;
  isRetiring: boolean;
  idleTimer?: NodeJS.Timeout | undefined;
}

/** The children: started when needed, replaced after much use, ended when idle. */
export class Crew {
  /** Children that exited on their own or had to be killed. */
  restarts = 0;
  readonly #options: Omit<ChildOptions, 'loaders' | 'patience'>;
  readonly #limits: CrewLimits;
  readonly #events: CrewEvents;
  readonly #members = new Set<Member>();
  /** Consecutive ones. */
  readonly #failedStarts: Record<Loaders, number> = { raster: 0, svg: 0 };
  #isClosed = false;

  constructor(options: Omit<ChildOptions, 'loaders' | 'patience'>, limits: CrewLimits, events: CrewEvents) {
    this.#options = options;
    this.#limits = limits;
    this.#events = events;
  }

  /** The jobs of all children. */
  get jobs(): Job[] {
    return [...this.#members].flatMap(({ jobs }) => [...jobs]);
  }

  /** Starts the first child. Rejects if that fails. */
  start(): Promise<Versions> {
    return this.#start('raster').ready;
  }

  /** The least busy child, if one has room. If none is idle, starts another one, up to the limit. */
  memberFor({ loaders, isLight }: Job): Member | undefined {
    const members = [...this.#members].filter((one) => one.child.loaders === loaders && !one.isRetiring);
    const most = isLight ? JOBS_A_CHILD : 1;
    const hasRoom = ({ child, jobs }: Member) =>
      child.isReady && jobs.size < most && [...jobs].every((job) => job.isLight);
    const [freest] = members.filter(hasRoom).sort((a, b) => a.jobs.size - b.jobs.size);
    const mostMembers = loaders === 'svg' ? 1 : this.#limits.children;
    if (freest?.jobs.size !== 0 && members.length < mostMembers) this.#startAnother(loaders);
    return freest;
  }

  give(member: Member, job: Job): void {
    clearTimeout(member.idleTimer);
    member.jobs.add(job);
  }

  take(member: Member, job: Job): void {
    const { child, jobs } = member;
    jobs.delete(job);
    if (child.wear >= this.#limits.images || child.memory > MOST_MEMORY) member.isRetiring = true;
    if (jobs.size > 0) return;
    if (member.isRetiring) child.kill();
    else this.#rest(member);
  }

  /** Ends idle children, to free their memory. */
  makeWay(): void {
    for (const member of this.#members)
      if (member.child.isReady && member.jobs.size === 0) this.#retire(member);
  }

  /** Resolves when no process is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const members = [...this.#members];
    for (const { child } of members) child.kill();
    await Promise.all(members.map(({ child }) => child.gone));
  }

  /** A lack of system resources is sometimes thrown here, and sometimes reported by an event later. */
  #startAnother(loaders: Loaders): void {
    try {
      this.#start(loaders);
    } catch (error) {
      setImmediate(() => this.#couldNotStart(loaders, describeCause(error)));
    }
  }

  #start(loaders: Loaders): Child {
    const child = new Child({ ...this.#options, loaders, patience: this.#limits.patience });
    const member: Member = { child, jobs: new Set(), isRetiring: false };
    this.#members.add(member);
    child.ready.then(
      () => this.#started(member),
      ({ message }: ChildGone) => {
        this.#members.delete(member);
        this.#couldNotStart(loaders, message);
      },
    );
    void child.gone.then(() => this.#lost(member));
    return child;
  }

  #started(member: Member): void {
    this.#failedStarts[member.child.loaders] = 0;
    this.#rest(member);
    this.#events.onFree();
  }

  /** Waiting jobs fail only if no other child is left to do them. The next job tries to start one again. */
  #couldNotStart(loaders: Loaders, why: string): void {
    if (this.#isClosed) return;
    const failures = ++this.#failedStarts[loaders];
    const others = [...this.#members].filter(({ child }) => child.loaders === loaders);
    if (failures >= MOST_STARTS && others.length === 0) {
      this.#failedStarts[loaders] = 0;
      this.#events.onCannotStart(loaders, why);
    }
    this.#events.onFree();
  }

  #lost(member: Member): void {
    clearTimeout(member.idleTimer);
    this.#members.delete(member);
    if (this.#isClosed) return;
    if (!member.isRetiring) this.restarts++;
    this.#events.onFree();
  }

  #rest(member: Member): void {
    clearTimeout(member.idleTimer);
    member.idleTimer = setTimeout(() => this.#retire(member), this.#limits.idle).unref();
  }

  #retire(member: Member): void {
    member.isRetiring = true;
    member.child.kill();
  }
}
