import type { Outlet } from './outlet';
import type { Request } from './request';

/** Keeps the deliveries of a connection in the order of their requests, although they are prepared ahead. */
export class Turns {
  readonly #outlet: Outlet;
  readonly #line: Request[] = [];
  readonly #waiting = new Map<Request, () => void>();

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Call it in the order of arrival. */
  enter(request: Request): void {
    this.#line.push(request);
  }

  leave(request: Request): void {
    const place = this.#line.indexOf(request);
    if (place > 0) this.#line.splice(place, 1);
    if (place !== 0) return;
    this.#line.shift();
    this.#callFirst();
  }

  isFirst(request: Request): boolean {
    return this.#line[0] === request;
  }

  /**
   * Resolves when all earlier requests have left and the socket takes more. Undefined if that is already the case. Throws
   * CANCELLED as soon as the request is cancelled.
   */
  wait(request: Request): Promise<void> | undefined {
    if (!this.isFirst(request) || !this.#outlet.isReady) return this.#wait(request);
    request.throwIfCancelled();
    return undefined;
  }

  async #wait(request: Request): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.set(request, resolve);
      request.onCancel(resolve);
      if (this.isFirst(request)) this.#callFirst();
    });
    this.#waiting.delete(request);
    request.throwIfCancelled();
  }

  #callFirst(): void {
    const [first] = this.#line;
    const call = first && this.#waiting.get(first);
    if (call) this.#outlet.whenReady(call);
  }
}
