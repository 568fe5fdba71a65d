import type { Grant } from '../../access';
import { cancelled } from './errors';
import type { Part } from './unfinished-images';

/** A request of a client from when it has arrived until its final reply is written. */
export class Request {
  readonly id: number;
  /** Name of the message, for the log. */
  readonly kind: string;
  /** Payload bytes. */
  readonly payloadBytes: number;
  /** What whoever asks may read. */
  readonly grant: Grant;
  readonly arrived = performance.now();
  /** The image, or what else it is about, for the log. */
  subject: string | undefined;
  /** The image that it is about, if it is about one. */
  image: string | undefined;
  /** As of its task. */
  part: 'first' | 'later' | undefined;
  /** The part that was delivered for it, once all of it was. */
  delivered: Part | undefined;
  /** For requests for many images: how many the client was told about, and how many of these failed. */
  images = 0;
  failed = 0;
  /** Bytes of image that were sent for it. */
  sentBytes = 0;
  #isCancelled = false;
  #listeners: (() => void)[] | undefined;

  constructor(id: number, kind: string, payloadBytes: number, grant: Grant) {
    this.id = id;
    this.grant = grant;
    this.kind = kind;
    this.payloadBytes = payloadBytes;
  }

  /** A new signal that is given when the request is cancelled. */
  signal(): AbortSignal {
    const controller = new AbortController();
    this.onCancel(() => controller.abort());
    return controller.signal;
  }

  /** Calls `listener` when the request is cancelled, at once if it was. */
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
