import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant } from '../access';
import type { WebContext } from './options';
import type { RequestTarget } from './request-path';
import type { Visitor } from './visitor';

/** One request, with everything needed to answer it. */
export interface Visit {
  readonly context: WebContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  readonly visitor: Visitor;
  readonly departure: Departure;
  readonly sent: Sent;
}

/** Whether the client disconnected before it had the whole response. */
export class Departure {
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

/** How many bytes of an image the socket has accepted, for responses that are cut off. */
export interface Sent {
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

/** Who may cache a response: with tokens, only the browser that requested it. */
export function scopeOf({ context }: Visit): 'public' | 'private' {
  return context.gatekeeper.isOpen ? 'public' : 'private';
}
