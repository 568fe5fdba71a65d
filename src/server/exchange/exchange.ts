import type { Grant } from '../../access';
import type { ServerContext } from './context';
import type { Outlet } from './outlet';
import type { Request } from './request';
import type { Turns } from './turns';

/** One request, with all that is needed to answer it. */
export interface Exchange {
  readonly context: ServerContext;
  readonly outlet: Outlet;
  readonly turns: Turns;
  readonly request: Request;
  /** What whoever asks may read now. Throws UNAUTHORIZED, and ends the connection. */
  admit(): Grant;
  /** What everything is answered with that was not begun, once the server shuts down. */
  refusal(): Error | undefined;
  /** To be called for each image of a request for many. */
  told(image: string, outcome: string): void;
}
