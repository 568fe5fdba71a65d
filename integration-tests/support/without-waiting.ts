import type { WaitStrategy } from 'testcontainers';

/** For containers that do their work and end: when they have started there is nothing to wait for. */
export class WithoutWaiting implements WaitStrategy {
  #timeout: number | undefined;

  waitUntilReady(): Promise<void> {
    return Promise.resolve();
  }

  withStartupTimeout(milliseconds: number): this {
    this.#timeout = milliseconds;
    return this;
  }

  isStartupTimeoutSet(): boolean {
    return this.#timeout !== undefined;
  }

  getStartupTimeout(): number {
    return this.#timeout ?? 60_000;
  }
}
