import { ResoError } from '../../errors';
import type { Job } from './job';

/** Jobs that no child has yet: urgent ones first, each kind in order of arrival. */
export class Queue {
  readonly #most: number;
  readonly #urgent: Job[] = [];
  readonly #others: Job[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#urgent.length + this.#others.length;
  }

  /** A copy, in order: the queue may change while the caller iterates. */
  jobs(): Job[] {
    return [...this.#urgent, ...this.#others];
  }

  /** Throws BUSY if the queue is full, unless an urgent job can replace one that is not urgent. */
  add(job: Job): void {
    if (this.length >= this.#most) {
      const last = job.isUrgent ? this.#others.pop() : undefined;
      if (!last) throw tooMany();
      void last.fail(tooMany());
    }
    this.#of(job).push(job);
  }

  /** A job that a child already had goes to the front, even if the queue is full. */
  putBack(job: Job): void {
    this.#of(job).unshift(job);
  }

  /** Whether the job was in the queue. */
  remove(job: Job): boolean {
    const jobs = this.#of(job);
    const at = jobs.indexOf(job);
    if (at >= 0) jobs.splice(at, 1);
    return at >= 0;
  }

  /** Makes the job urgent. */
  urge(job: Job): void {
    const wasHere = this.remove(job);
    job.isUrgent = true;
    if (wasHere) this.#urgent.push(job);
  }

  #of(job: Job): Job[] {
    return job.isUrgent ? this.#urgent : this.#others;
  }
}

function tooMany(): ResoError {
  return new ResoError('BUSY', 'Too many images are waiting to be rendered: try again in a moment.');
}
