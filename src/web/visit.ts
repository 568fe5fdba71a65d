import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Grant } from '../access';
import type { WebContext } from './options';
import type { RequestTarget } from './request-path';
import type { Visitor } from './visitor';

/** One request of one visitor, with all that is needed to answer it. */
export interface Visit {
  readonly context: WebContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  readonly visitor: Visitor;
  /** Given once the client has gone. */
  readonly signal: AbortSignal;
  readonly sent: Sent;
}

/** How much of an image the socket has taken, for answers that end before their end. */
export interface Sent {
  bytes: number;
}

/** A visit of somebody who was let in. */
export interface AdmittedVisit extends Visit {
  readonly grant: Grant;
  /** What stands behind the first part of the path: the name of an image or folder, or empty. */
  readonly name: string;
}

/** Who may keep an answer: with tokens, nobody but the browser that it is for. */
export function scopeOf({ context }: Visit): 'public' | 'private' {
  return context.gatekeeper.isOpen ? 'public' : 'private';
}
