import { MAX_OUTSTANDING_BYTES } from '../../protocol';
import type { Request } from '../exchange/request';

/** The requests of one connection without a final reply. */
export class OutstandingRequests {
  readonly #requests = new Map<number, Request>();
  readonly #limit: number;
  #payloadBytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#requests.size;
  }

  has(id: number): boolean {
    return this.#requests.has(id);
  }

  get(id: number): Request | undefined {
    return this.#requests.get(id);
  }

  get oldest(): Request | undefined {
    return this.#requests.values().next().value;
  }

  some(predicate: (request: Request) => boolean): boolean {
    return [...this.#requests.values()].some(predicate);
  }

  hasRoomFor(payloadBytes: number): boolean {
    return this.#requests.size < this.#limit && this.#payloadBytes + payloadBytes <= MAX_OUTSTANDING_BYTES;
  }

  add(request: Request): void {
    this.#requests.set(request.id, request);
    this.#payloadBytes += request.payloadBytes;
  }

  /** False if it was no longer outstanding. */
  remove(request: Request): boolean {
    if (this.#requests.get(request.id) !== request) return false;
    this.#requests.delete(request.id);
    this.#payloadBytes -= request.payloadBytes;
    return true;
  }

  cancelAll(): void {
    for (const request of this.#requests.values()) request.cancel();
  }
}
