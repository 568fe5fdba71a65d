import { EventEmitter, once } from 'node:events';

/** Where the directions of connections wait that stand still, until all of them are told to go on. */
export class Standstill {
  readonly #events = new EventEmitter().setMaxListeners(0);
  #isGeneral = false;

  /** How many wait. */
  get size(): number {
    return this.#events.listenerCount('resume');
  }

  /** From now on everybody waits. */
  begin(): void {
    this.#isGeneral = true;
  }

  end(): void {
    this.#isGeneral = false;
    this.#events.emit('resume');
  }

  /** Waits for the end. Rejects when `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    await once(this.#events, 'resume', { signal });
  }

  /** Waits if everybody does. */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#isGeneral) await this.wait(signal);
  }
}
