import { ResoError } from '../../errors';
import type { Job } from './job';

/** Jobs that no child has: the urgent ones come first, and each kind in the order in which it came. */
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

  /** In their order. The queue may be changed meanwhile. */
  jobs(): Job[] {
    return [...this.#urgent, ...this.#others];
  }

  /** Throws BUSY where it is full, unless an urgent job can take the place of one that is not. */
  add(job: Job): void {
    if (this.length >= this.#most) {
      const last = job.isUrgent ? this.#others.pop() : undefined;
      if (!last) throw tooMany();
      void last.fail(tooMany());
    }
    this.#of(job).push(job);
  }

  /** A job that a child had already is the next one, whether there is room or not. */
  putBack(job: Job): void {
    this.#of(job).unshift(job);
  }

  /** Whether it was there. */
  remove(job: Job): boolean {
    const jobs = this.#of(job);
    const at = jobs.indexOf(job);
    if (at >= 0) jobs.splice(at, 1);
    return at >= 0;
  }

  /** From now on it is urgent. */
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
