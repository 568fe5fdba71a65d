import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../src';
import type { Endpoint } from './endpoint';
import { quantile } from './quantile';

/** Milliseconds between two pings. */
const REST = 20;

/** A client that sends one PING after the other over one connection. */
export class Pinger {
  readonly #times: number[] = [];
  #isDone = false;
  readonly #ended: Promise<void>;

  constructor({ host, port }: Endpoint) {
    this.#ended = this.#ping(host, port);
  }

  /** Milliseconds of the slowest ping, and those that 99 of 100 took at most. */
  async leave(): Promise<{ readonly slowest: number; readonly p99: number }> {
    this.#isDone = true;
    await this.#ended;
    return { slowest: Math.max(0, ...this.#times), p99: quantile(this.#times, 0.99) };
  }

  async #ping(host: string, port: number): Promise<void> {
    const client = connect({ host, port, retries: 0 });
    while (!this.#isDone) {
      this.#times.push(await client.ping());
      await sleep(REST);
    }
    client.close();
  }
}
