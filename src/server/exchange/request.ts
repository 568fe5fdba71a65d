import type { Grant } from '../../access';
import { cancelled } from './errors';
import type { Part } from './unfinished-images';

/** A client's request, from its arrival until its final reply is written. */
export class Request {
  readonly id: number;
  /** Name of the message, for the log. */
  readonly kind: string;
  /** Payload bytes. */
  readonly payloadBytes: number;
  /** What the client may read. */
  readonly grant: Grant;
  readonly arrived = performance.now();
  /** The image, or whatever else it is about, for the log. */
  subject: string | undefined;
  /** The image that it is about, if it is about one. */
  image: string | undefined;
  /** See `Task`. */
  part: 'first' | 'later' | undefined;
  /** The delivered part, once it was delivered completely. */
  delivered: Part | undefined;
  /** For requests for many images: how many were answered, and how many of these failed. */
  images = 0;
  failed = 0;
  /** Image bytes sent for it. */
  sentBytes = 0;
  #isCancelled = false;
  #listeners: (() => void)[] | undefined;

  constructor(id: number, kind: string, payloadBytes: number, grant: Grant) {
    this.id = id;
    this.grant = grant;
    this.kind = kind;
    this.payloadBytes = payloadBytes;
  }

  /** A new signal that is aborted when the request is cancelled. */
  signal(): AbortSignal {
    const controller = new AbortController();
    this.onCancel(() => controller.abort());
    return controller.signal;
  }

  /** Calls `listener` when the request is cancelled, at once if it already was. */
  onCancel(listener: () => void): void {
    if (this.#isCancelled) listener();
    else (this.#listeners ??= []).push(listener);
  }

  cancel(): void {
    this.#isCancelled = true;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener();
  }

  throwIfCancelled(): void {
    if (this.#isCancelled) throw cancelled();
  }
}
