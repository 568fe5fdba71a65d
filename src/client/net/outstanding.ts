import { ProtocolError, type ResoError } from '../../errors';
import { DEFAULT_LIMITS, MAX_OUTSTANDING_BYTES, MAX_REQUEST_ID, type Delivery } from '../../protocol';

import type { Fetch } from './pack-reader';

/** A request without its final reply: `resolve` or `fail` is called, once. */
export interface Pending {
  /** Of the final reply. */
  readonly replyType: number;
  /** Throws where the payload is no valid reply; the request is open then as before. */
  resolve(payload: Buffer): void;
  fail(error: ResoError): void;
  readonly delivery?: DeliverySink;
  readonly fetch?: Fetch;
  /** The image that it is about, if it is about one. */
  readonly image?: string | undefined;
  /** Bytes of DATA that have been announced and have not come yet. Undefined before DELIVERY. */
  missing?: number;
}

/** Takes a delivery as it comes. */
export interface DeliverySink {
  begin(delivery: Delivery): void;
  /** `bytes` may be kept; `release` says that they are not any more. */
  data(bytes: Buffer): void;
}

/** The requests of one connection that have no final reply yet. */
export class Outstanding {
  readonly #requests = new Map<number, { readonly pending: Pending; readonly bytes: number }>();
  #bytes = 0;
  #lastId = 0;

  get size(): number {
    return this.#requests.size;
  }

  /** Whether there may be one more where there may be `limit`, whatever its length. */
  hasRoom(limit: number): boolean {
    return this.size < limit && this.#bytes + DEFAULT_LIMITS.request <= MAX_OUTSTANDING_BYTES;
  }

  /** Adds a request, and gives its id and its frame. */
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

  /** Takes a request out. Throws BAD_FRAME where there is none. */
  take(id: number): Pending {
    const request = this.#requests.get(id);
    if (!request) throw new ProtocolError('BAD_FRAME', `A reply came to request ${id}, which is not open.`);
    this.#requests.delete(id);
    this.#bytes -= request.bytes;
    return request.pending;
  }

  /** Takes all out. */
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
