import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant } from '../access';
import type { WaitOptions } from '../rendering';
import type { WebContext } from './options';
import type { RequestTarget } from './request-path';
import type { Visitor } from './visitor';

/** One request, with everything needed to answer it. */
export interface Visit {
  readonly context: WebContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** `NOWHERE` until the request's target has been parsed. */
  target: RequestTarget;
  readonly visitor: Visitor;
  readonly departure: Departure;
  /** Headers of the response, whatever it turns out to be. */
  readonly headers: Record<string, string | number>;
  readonly sent: Sent;
}

/** Whether the client disconnected before it had the whole response. What it waits for until then is urgent. */
export class Departure implements WaitOptions {
  readonly urgent = true;
  #controller: AbortController | undefined;
  #hasLeft = false;

  /**
   * Aborted when the client disconnects. Made when first used: many responses need none, and making it takes a tenth of
   * the time of a short response.
   */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasLeft) this.#controller.abort();
    return this.#controller.signal;
  }

  leave(): void {
    this.#hasLeft = true;
    this.#controller?.abort();
  }
}

/** How much of a response's body was sent. */
export interface Sent {
  /** The length of the whole body. */
  length: number;
  /** Bytes of an image that the socket has accepted, for responses that are cut off. */
  bytes: number;
}

/** A visit with access granted. */
export interface AdmittedVisit extends Visit {
  readonly grant: Grant;
  /** What the visitor may read by now, for answers that take long. Throws UNAUTHORIZED. */
  admit(): Grant;
  /** The path after its first segment: the name of an image or folder, or empty. */
  readonly name: string;
}

/** Names every property: V8 gives each object made by spreading a layout of its own, and reading those is slow. */
export function admitted(visit: Visit, name: string, grant: Grant, admit: () => Grant): AdmittedVisit {
  const { context, request, response, target, visitor, departure, headers, sent } = visit;
  return { context, request, response, target, visitor, departure, headers, sent, name, grant, admit };
}

/** Who may cache a response: with tokens, only the browser that requested it. */
export function scopeOf({ context }: Visit): 'public' | 'private' {
  return context.gatekeeper.isOpen ? 'public' : 'private';
}
