import type { Connection } from '../connection';

/** Bytes in a socket's queue at which nothing more is begun for it. */
const BACKED_UP = 262_144;

/** The writing side of a connection, and who waits for it to take more. */
export class Outlet {
  readonly #connection: Connection;
  #waiting: (() => void)[] = [];
  #flushes = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get isOpen(): boolean {
    return this.#connection.isOpen;
  }

  get isEmpty(): boolean {
    return this.#connection.queuedBytes === 0;
  }

  /** How many writes the socket has taken so far. */
  get flushes(): number {
    return this.#flushes;
  }

  /** Whether the client is so far behind that more would only pile up. */
  get isBackedUp(): boolean {
    return this.#connection.queuedBytes > BACKED_UP;
  }

  /** Whole frames only. `flushed` is called once their memory is no longer needed, whatever happens. */
  write(frames: readonly Buffer[], flushed?: () => void): void {
    this.#connection.write(frames, () => {
      this.#flushes++;
      flushed?.();
    });
  }

  /** Calls `ready` once when the socket has taken all, or is closed; at once if there is room already. */
  whenReady(ready: () => void): void {
    if (this.isOpen && this.isBackedUp) this.#waiting.push(ready);
    else ready();
  }

  /** To be called when the socket has taken all, and when it is closed. */
  wake(): void {
    const woken = this.#waiting;
    this.#waiting = [];
    woken.forEach((ready) => ready());
  }
}
