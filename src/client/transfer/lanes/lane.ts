import type { LaneOptions, Order, Tell } from './order';
import type { Pool } from '../../net/pool';
import { FetchJob } from './fetch-job';
import { StripeJob } from './stripe-job';
import { WholeJob } from './whole-job';

/**
 * Carries out orders: receives, hashes, writes and renames in one thread, waiting only for the network. Whatever can't be
 * done in one go is reported as not placed: the regular path finds out why.
 */
export class Lane {
  readonly #pool: Pool;
  readonly #options: LaneOptions;
  readonly #tell: Tell;
  #keys = 0;

  constructor(pool: Pool, options: LaneOptions, tell: Tell) {
    this.#pool = pool;
    this.#options = options;
    this.#tell = tell;
  }

  give(order: Order): void {
    this.#pool.submit(this.#jobOf(order));
  }

  #jobOf(order: Order): FetchJob | WholeJob | StripeJob {
    switch (order.kind) {
      case 'fetch':
        return new FetchJob(order, this.#options, this.#newKey, this.#tell);
      case 'whole':
        return new WholeJob(order, this.#options, this.#pool, this.#tell);
      case 'stripe':
        return new StripeJob(order, this.#tell);
    }
  }

  readonly #newKey = (): string =>
    this.#options.number.toString(16).padStart(8, '0') + (this.#keys++).toString(16).padStart(24, '0');
}
