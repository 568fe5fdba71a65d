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
}
