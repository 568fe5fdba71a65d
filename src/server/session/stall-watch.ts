import type { Outlet } from '../exchange/outlet';

/** Times the time-out that a client may take to take one write, which is 256 KiB at most. */
const STRIKES = 3;

/**
 * Notices a client that takes nothing but goes on sending: the socket's own time-out begins anew with every byte in
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
