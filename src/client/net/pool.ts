import { setMaxListeners } from 'node:events';
import { ConnectionError, RemoteError, ResoError, type ErrorCode } from '../../errors';
import { Channel } from './channel';
import { dial } from './dial';
import { neverGreeted } from './greeting';
import { Link, type Flight } from './link';
import { Links } from './links';
import { RateLimit } from './rate-limit';
import { Replicas } from './replicas';
import { backOff, isTransient, Tries } from './retry';
import type { Settings } from './settings';

/** With this many bytes in flight on every channel, another one is opened. */
const WORTH_ANOTHER = 262_144;
/** With this many outstanding requests on every channel, another one is opened. */
const REQUESTS_WORTH_ANOTHER = 8;
/** The same for urgent jobs, which are large. */
const URGENT_WORTH_ANOTHER = 2;

/** Errors that another replica may not have. */
const OF_REPLICA: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BUSY', 'UNAVAILABLE']);

/** A piece of work for one channel. */
export interface Job {
  /** Expected bytes of its answer. */
  readonly expected: number;
  /** Does the work. Resolves when it is done or given up, and never rejects. */
  run(flight: Flight): Promise<void>;
  /** No channel is available, because of `error`. */
  fail(error: ResoError): void;
  /** How often the server postponed it while the connection stayed open. */
  refusals?: number;
  /** Address of the server that it goes to as long as there is a connection to it. */
  readonly prefers?: string | undefined;
}

export interface RequestSettings {
  /** Whether to repeat the work on another connection if this one fails; default: true. */
  readonly isRepeated?: boolean;
  /** See `Job`. */
  readonly prefers?: string | undefined;
}

/** The connections to a server or its replicas: opened as the work needs them, and reopened when lost. */
export class Pool {
  readonly #settings: Settings;
  readonly #links = new Links();
  readonly #queue: Job[] = [];
  /** Jobs that are part of something already started. */
  readonly #urgent: Job[] = [];
  /** Jobs that wait for their next attempt. */
  readonly #pauses = new Map<NodeJS.Timeout, Job>();
  #opening = 0;
  #lent = 0;
  #canFetch = false;
  readonly #tries: Tries;
  readonly #replicas: Replicas;
  /** How often another replica was turned to at once since there was progress. */
  #turns = 0;
  /** A connection was lost: none is opened until it is decided whether and when to try again. */
  #recovering = false;
  #backOff: NodeJS.Timeout | undefined;
  #closed: ResoError | undefined;
  readonly #limit: RateLimit | undefined;
  /** Aborted when the pool is closed. */
  readonly #end = new AbortController();
  readonly #abort = () => {
    const cause: unknown = this.#settings.signal?.reason;
    this.close(new ResoError('ABORTED', 'Interrupted.', { cause }));
  };

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#tries = new Tries(settings);
    this.#replicas = new Replicas(settings);
    const { signal, bytesPerSecond } = settings;
    // Every connection being opened adds a listener.
    setMaxListeners(0, this.#end.signal);
    if (bytesPerSecond !== undefined) this.#limit = new RateLimit(bytesPerSecond);
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Aborted when it is closed. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  /** Number of jobs that no channel has taken yet. */
  get waiting(): number {
    return this.#queue.length + this.#urgent.length;
  }

  /** Whether there are several servers: versions and generations of one mean nothing to another. */
  get isReplicated(): boolean {
    return this.#replicas.isReplicated;
  }

  /** Most connections. */
  get connections(): number {
    return this.#settings.connections - this.#lent;
  }

  /** Gives this many of its connections away. */
  lend(connections: number): void {
    this.#lent += connections;
    this.#closeSurplus();
  }

  /** Takes back what was lent: otherwise a client that downloads often would have none left. */
  takeBack(connections: number): void {
    this.#lent -= connections;
  }

  /** Whether the server is known to support FETCH. */
  get canFetch(): boolean {
    return this.#canFetch;
  }

  /** Opens a connection ahead of the first job. A failure matters only if a job is waiting for it by then. */
  prepare(): void {
    if (this.#closed || this.#recovering || this.#links.size + this.#opening > 0) return;
    this.#open((error) => this.waiting > 0 && this.#lost(error));
  }

  submit(job: Job): void {
    if (this.#closed) return job.fail(this.#closed);
    if (this.#links.size === 0 && this.waiting === 0 && !this.#recovering) {
      this.#tries.reset();
      this.#turns = 0;
    }
    this.#queue.push(job);
    this.#dispatch();
  }

  /** Like `submit`, but ahead of everything that has not started. */
  submitUrgent(job: Job): void {
    if (this.#closed) return job.fail(this.#closed);
    this.#urgent.push(job);
    this.#dispatch();
  }

  /** Repeats a job that failed on `channel` because of `error`, ahead of those that have not started. */
  retry(job: Job, error: ResoError, channel: Channel): void {
    const isWaitedOut = error.code === 'CLOSING' && channel.isRetired && this.#settings.retries > 0;
    if (error === channel.error || isWaitedOut) return this.#requeue(job);
    job.refusals = (job.refusals ?? 0) + 1;
    if (job.refusals > this.#settings.retries) return job.fail(error);
    if (OF_REPLICA.has(error.code) && this.#avoids(channel)) return this.#requeue(job);
    this.again(job, job.refusals, error);
  }

  /** Repeats a job after the pause before attempt number `attempt`. */
  again(job: Job, attempt: number, error: ResoError): void {
    if (this.#closed) return job.fail(this.#closed);
    const delay = error instanceof RemoteError && error.retryAfter ? error.retryAfter : backOff(attempt);
    this.#settings.onRetry({ error, attempt, delay });
    const timer = setTimeout(() => {
      this.#pauses.delete(timer);
      this.#requeue(job);
    }, delay);
    this.#pauses.set(timer, job);
  }

  #requeue(job: Job): void {
    if (this.#closed) return job.fail(this.#closed);
    this.#queue.unshift(job);
    this.#dispatch();
  }

  /** The work made progress: the attempts are counted from zero again. */
  progressed(): void {
    this.#turns = 0;
    this.#tries.progressed(() => this.#links.doesAnyWork && !this.#links.isAnyRetired);
  }

  /** Does `work` on any channel, and repeats it on another one if the connection fails. */
  request<T>(
    work: (channel: Channel, flight: Flight) => Promise<T>,
    { isRepeated = true, prefers }: RequestSettings = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const job: Job = {
        expected: 0,
        prefers,
        fail: reject,
        run: async (flight) => {
          const { channel } = flight;
          try {
            const result = await work(channel, flight);
            this.progressed();
            resolve(result);
          } catch (error) {
            if (isRepeated && isTransient(error)) this.retry(job, error, channel);
            else reject(error);
          }
        },
      };
      this.submit(job);
    });
  }

  /** Closes all connections; everything running or waiting fails with `error`. */
  close(error = new ResoError('ABORTED', 'The client was closed.')): void {
    this.#closed ??= error;
    this.#settings.signal?.removeEventListener('abort', this.#abort);
    this.#end.abort();
    clearTimeout(this.#backOff);
    for (const { channel } of this.#links) channel.fail(error);
    this.#limit?.end();
    this.#failPauses(error);
    this.#failQueue(error);
  }

  #failQueue(error: ResoError): void {
    for (const job of [...this.#urgent.splice(0), ...this.#queue.splice(0)]) job.fail(error);
  }

  #failPauses(error: ResoError): void {
    for (const [timer, job] of this.#pauses) {
      clearTimeout(timer);
      job.fail(error);
    }
    this.#pauses.clear();
  }

  #dispatch(): void {
    while (this.waiting > 0) {
      const { prefers } = (this.#urgent[0] ?? this.#queue[0])!;
      const preferred = this.isReplicated && prefers !== undefined ? this.#links.to(prefers) : undefined;
      const link = preferred ?? this.#links.freest(this.#urgent.length > 0);
      while (this.#wantsAnother(link)) this.#open();
      if (!link) return;
      this.#start((this.#urgent.shift() ?? this.#queue.shift())!, link);
    }
  }

  #wantsAnother(freest: Link | undefined): boolean {
    if (this.#closed || this.#recovering || !this.#isWorthOpening) return false;
    if (this.#links.size + this.#opening >= this.connections) return false;
    if (!freest) return true;
    return freest.inFlight >= WORTH_ANOTHER || freest.channel.outstanding >= REQUESTS_WORTH_ANOTHER;
  }

  /** One connection at a time, unless enough work is waiting for more: on a long link each takes a round trip to open. */
  get #isWorthOpening(): boolean {
    if (this.#opening === 0) return true;
    const { length } = this.#urgent;
    return (
      this.waiting > this.#opening * REQUESTS_WORTH_ANOTHER || length > this.#opening * URGENT_WORTH_ANOTHER
    );
  }

  #start(job: Job, link: Link): void {
    const flight = link.begin(job.expected);
    void job.run(flight).finally(() => {
      flight.end();
      if (link.channel.isOpen) link.replica.worked();
      this.#evenOut();
      link.closeIfLeft();
      this.#dispatch();
      this.#closeSurplus();
    });
  }

  /** A replica that was away has come back: one of the connections moves to it. */
  #evenOut(): void {
    if (this.#recovering || this.#links.size < this.connections) return;
    const crowded = this.#replicas.crowded();
    if (crowded !== undefined) this.#links.leave(crowded, 1);
  }

  /** Whether other replicas take over the work of one that answers, but can't deliver. */
  #avoids({ address }: Channel): boolean {
    if (!this.isReplicated) return false;
    for (const { channel, replica } of this.#links) if (channel.address === address) replica.failed();
    if (!this.#replicas.isAnyAwake) return false;
    this.#links.leave(address);
    return true;
  }

  #closeSurplus(): void {
    if (this.#lent === 0) return;
    // A channel that was closed is still among the links for a moment.
    const open = [...this.#links].filter(({ channel }) => channel.isOpen);
    const idle = open.filter(({ channel }) => channel.hello && channel.outstanding === 0);
    const surplus = Math.max(0, open.length - this.connections);
    for (const { channel } of idle.slice(0, surplus)) channel.close();
  }

  #open(onFailure = (error: ResoError): unknown => this.#lost(error)): void {
    this.#opening++;
    dial(this.#settings, this.#replicas, this.#end.signal)
      .then(({ socket, replica }) => {
        const settings = { ...this.#settings, address: replica.name };
        const channel = new Channel(socket, settings, () => this.#changed(link));
        const link: Link = new Link(channel, replica, () => this.#dispatch(), this.#limit);
        this.#links.add(link);
        if (this.#closed) link.channel.fail(this.#closed);
      }, onFailure)
      .finally(() => {
        this.#opening--;
        this.#dispatch();
      });
  }

  #changed(link: Link): void {
    const { channel } = link;
    this.#tries.hasBeenGreeted ||= channel.hello !== undefined;
    this.#canFetch ||= channel.hello?.limits.pack !== undefined;
    if (channel.isRetired && this.#links.has(link)) this.#stops(link);
    if (channel.isOpen || !this.#links.delete(link)) return this.#dispatch();
    link.replica.links--;
    if (channel.lostWork || channel.isRetired) link.replica.failed();
    const isAwaited = channel.isRetired && this.#tries.isRestarting;
    if (channel.error && (channel.lostWork || isAwaited)) this.#lost(channel.error);
    else this.#dispatch();
  }

  /** One connection announced the shutdown; others lead to the same server. */
  #stops({ replica }: Link): void {
    replica.failed();
    if (this.#tries.stops() || this.isReplicated) this.#links.retire(replica.name);
  }

  /** A needed connection was lost or could not be opened. */
  #lost(error: ResoError): void {
    if (this.#closed || this.#recovering) return;
    // What one server lacks, such as a valid certificate, others may have.
    const mayTurn = (error instanceof ConnectionError || error instanceof RemoteError) && this.#mayTurn;
    if (!isTransient(error)) {
      if (!mayTurn) return this.close(error);
      this.#settings.onRetry({ error, attempt: 0, delay: 0 });
    }
    this.#recovering = true;
    // By then the connection's jobs are back in the queue.
    setImmediate(() => this.#recover(error));
  }

  #recover(error: ResoError): void {
    if (this.#closed) return;
    const delay = this.#mayTurn ? 0 : this.#tries.next(error, this.#links.doesAnyWork, this.waiting > 0);
    if (delay === undefined) return this.#giveUp(error);
    if (delay === 0) this.#turns++;
    this.#backOff = setTimeout(() => {
      this.#recovering = false;
      this.#dispatch();
    }, delay);
  }

  /** Whether to turn to another address without a pause. None of that counts as a retry, so it is done once for each. */
  get #mayTurn(): boolean {
    const { count, isAnyAwake } = this.#replicas;
    return count > 1 && isAnyAwake && this.#turns < count;
  }

  #giveUp(error: ResoError): void {
    this.#recovering = false;
    this.#failQueue(this.#tries.hasBeenGreeted ? error : neverGreeted(this.#settings, error));
  }
}
