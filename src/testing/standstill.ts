import { EventEmitter, once } from 'node:events';

/** Where stalled directions of connections wait until all of them are released. */
export class Standstill {
  readonly #events = new EventEmitter().setMaxListeners(0);
  #isGeneral = false;

  /** How many are waiting. */
  get size(): number {
    return this.#events.listenerCount('resume');
  }

  /** From now on every direction waits. */
  begin(): void {
    this.#isGeneral = true;
  }

  end(): void {
    this.#isGeneral = false;
    this.#events.emit('resume');
  }

  /** Waits until the standstill ends. Rejects when `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    await once(this.#events, 'resume', { signal });
  }

  /** Waits during a general standstill. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#isGeneral) await this.wait(signal);
  }
}
