import { ProtocolError } from '../errors';
import { Shares } from './shares';

/** The share of all connections that may wait for changes, and the share for one address. */
const SHARE = 0.5;
const SHARE_OF_ONE = 0.125;
const REFUSAL = 'Too many clients are waiting for changes: ask for /api/images?unless= now and then.';

/** Requests that wait for a change. They are limited, because each holds a connection, and end when the server shuts down. */
export class Watches {
  readonly #most: number;
  readonly #shares: Shares;
  readonly #ends = new Set<() => void>();
  #isOver = false;

  constructor(connections: number) {
    this.#most = Math.ceil(connections * SHARE);
    this.#shares = new Shares(Math.ceil(connections * SHARE_OF_ONE), REFUSAL);
  }

  get count(): number {
    return this.#ends.size;
  }

  /** Runs `watch` with a signal that is aborted when `gone` is, and at the shutdown. Throws BUSY. */
  run<T>(address: string, gone: AbortSignal, watch: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#shares.run(address, async () => {
      if (this.#ends.size >= this.#most) throw new ProtocolError('BUSY', REFUSAL);
      const ending = new AbortController();
      const end = () => ending.abort();
      if (this.#isOver || gone.aborted) end();
      gone.addEventListener('abort', end);
      this.#ends.add(end);
      try {
        return await watch(ending.signal);
      } finally {
        this.#ends.delete(end);
        gone.removeEventListener('abort', end);
      }
    });
  }

  end(): void {
    this.#isOver = true;
    for (const end of this.#ends) end();
  }
}
