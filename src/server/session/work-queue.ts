import type { Outlet } from '../exchange/outlet';
import type { Request } from '../exchange/request';

interface Waiting {
  readonly request: Request;
  readonly run: () => Promise<void>;
}

/** Runs requests in the order of arrival: a few at a time, none while the client does not read its answers. */
export class WorkQueue {
  readonly #outlet: Outlet;
  readonly #maxRunning: number;
  #waiting: Waiting[] = [];
  #running = 0;
  #isHeld = false;

  constructor(outlet: Outlet, maxRunning: number) {
    this.#outlet = outlet;
    this.#maxRunning = maxRunning;
  }

  /** `run` must not reject. */
  add(request: Request, run: () => Promise<void>): void {
    this.#waiting.push({ request, run });
    this.#beginSome();
  }

  /** Removes a request that was not started; false if it was. */
  remove(request: Request): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((one) => one.request !== request);
    return this.#waiting.length < before;
  }

  /** Removes all requests that were not started and for which `isMeant` is true. */
  removeAll(isMeant: (request: Request) => boolean = () => true): Request[] {
    const removed = this.#waiting.filter(({ request }) => isMeant(request));
    this.#waiting = this.#waiting.filter(({ request }) => !isMeant(request));
    return removed.map(({ request }) => request);
  }

  #beginSome(): void {
    while (this.#running < this.#maxRunning && this.#waiting.length > 0) {
      if (!this.#outlet.isReady) return this.#hold();
      this.#running++;
      void this.#waiting.shift()!.run().then(this.#ended);
    }
  }

  #hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#outlet.whenReady(() => {
      this.#isHeld = false;
      this.#beginSome();
    });
  }

  readonly #ended = (): void => {
    this.#running--;
    this.#beginSome();
  };
}
