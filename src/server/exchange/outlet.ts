import type { Connection } from '../../connection';

/** When a socket's queue has this many bytes, nothing more is started for it. */
const BACKED_UP = 262_144;

/** The writing side of a connection, and the callers that wait for it to take more. */
export class Outlet {
  readonly #connection: Connection;
  #waiting: (() => void)[] = [];
  #flushes = 0;
  #isGathering = false;

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

  /** Whether there is no point in waiting: there is room, or the connection is closed. */
  get isReady(): boolean {
    return !this.isBackedUp || !this.isOpen;
  }

  /** Whether the client is so far behind that more data would only pile up. */
  get isBackedUp(): boolean {
    return this.#connection.queuedBytes > BACKED_UP;
  }

  /** Sends whole frames at once. `flushed` is called once their memory is no longer needed, whatever happens. */
  write(frames: readonly Buffer[], flushed?: () => void): void {
    this.#write(frames, flushed);
    this.#send();
  }

  /**
   * The same, but in one system call with whatever else can be answered without waiting. It does not wait for the end of the
   * event loop's turn, because a thousand connections of one turn would hold their buffers until then. Don't use it for large
   * answers: a reader that gets the first bytes alone can stop in time, before the kernel has made room for more.
   */
  gather(frames: readonly Buffer[], flushed?: () => void): void {
    this.#write(frames, flushed);
    if (this.#isGathering) return;
    this.#isGathering = true;
    process.nextTick(this.#send);
  }

  #write(frames: readonly Buffer[], flushed: (() => void) | undefined): void {
    this.#connection.write(frames, () => {
      this.#flushes++;
      flushed?.();
    });
  }

  readonly #send = (): void => {
    this.#isGathering = false;
    this.#connection.send();
  };

  /** Calls `ready` once the socket has taken everything or is closed; at once if there is room. */
  whenReady(ready: () => void): void {
    if (this.isReady) ready();
    else this.#waiting.push(ready);
  }

  /** Call this when the socket has taken everything, and when it is closed. */
  wake(): void {
    const woken = this.#waiting;
    this.#waiting = [];
    woken.forEach((ready) => ready());
  }
}

/** A client may take this many timeouts for one write, which is 256 KiB at most. */
const STRIKES = 3;

/**
 * Notices a client that reads nothing but keeps sending. The socket's own timeout does not: it restarts with every byte in
 * either direction.
 */
export class StallWatch {
  readonly #outlet: Outlet;
  readonly #timer: NodeJS.Timeout;
  #seen = 0;
  #strikes = 0;

  constructor(outlet: Outlet, milliseconds: number, expire: () => void) {
    this.#outlet = outlet;
    this.#timer = setInterval(() => {
      if (this.#hasMoved()) this.#strikes = 0;
      else if (++this.#strikes >= STRIKES) expire();
    }, milliseconds);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #hasMoved(): boolean {
    const { isEmpty, flushes } = this.#outlet;
    const hasMoved = isEmpty || flushes !== this.#seen;
    this.#seen = flushes;
    return hasMoved;
  }
}
