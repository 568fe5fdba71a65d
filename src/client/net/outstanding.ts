import { ProtocolError, type ResoError } from '../../errors';
import { DEFAULT_LIMITS, MAX_OUTSTANDING_BYTES, MAX_REQUEST_ID, type Delivery } from '../../protocol';

import type { Fetch } from './pack-reader';

/** A request without a final reply: either `resolve` or `fail` is called, once. */
export interface Pending {
  /** The type of the final reply. */
  readonly replyType: number;
  /** Throws if the payload is not a valid reply; the request then stays outstanding. */
  resolve(payload: Buffer): void;
  fail(error: ResoError): void;
  readonly delivery?: DeliverySink;
  readonly fetch?: Fetch;
  /** The image that it is about, if it is about one. */
  readonly image?: string | undefined;
  /** Bytes of DATA that were announced and have not arrived yet. Undefined before DELIVERY. */
  missing?: number;
}

/** Receives a delivery as it arrives. */
export interface DeliverySink {
  begin(delivery: Delivery): void;
  /** `bytes` may be kept until `release` is called for them. */
  data(bytes: Buffer): void;
}

/** The requests of one connection without a final reply. */
export class Outstanding {
  readonly #requests = new Map<number, { readonly pending: Pending; readonly bytes: number }>();
  #bytes = 0;
  #lastId = 0;

  get size(): number {
    return this.#requests.size;
  }

  /** Whether another request of any length fits in `limit`. */
  hasRoom(limit: number): boolean {
    return this.size < limit && this.#bytes + DEFAULT_LIMITS.request <= MAX_OUTSTANDING_BYTES;
  }

  /** Adds a request and returns its id and its frame. */
  add(pending: Pending, encode: (id: number) => Buffer): { id: number; frame: Buffer } {
    const id = this.#nextId();
    const frame = encode(id);
    this.#requests.set(id, { pending, bytes: frame.length });
    this.#bytes += frame.length;
    return { id, frame };
  }

  get(id: number): Pending | undefined {
    return this.#requests.get(id)?.pending;
  }

  /** Removes a request. Throws BAD_FRAME if it does not exist. */
  take(id: number): Pending {
    const request = this.#requests.get(id);
    if (!request)
      throw new ProtocolError('BAD_FRAME', `The server replied to request ${id}, which is not outstanding.`);
    this.#requests.delete(id);
    this.#bytes -= request.bytes;
    return request.pending;
  }

  /** Removes all. */
  takeAll(): Pending[] {
    const all = [...this.#requests.values()].map(({ pending }) => pending);
    this.#requests.clear();
    this.#bytes = 0;
    return all;
  }

  #nextId(): number {
    do this.#lastId = this.#lastId >= MAX_REQUEST_ID ? 1 : this.#lastId + 1;
    while (this.#requests.has(this.#lastId));
    return this.#lastId;
  }
}
