import type { Gatekeeper, Grant } from '../../access';
import type { Catalog } from '../../catalog';
import type { Log } from '../../telemetry';
import type { ServedLimits, Timeouts } from '../options';
import type { BufferPool, PackBuffers } from '../../connection';
import type { Outlet } from './outlet';
import type { Request } from './request';
import type { Turns } from './turns';
import type { UnfinishedImages } from './unfinished-images';

/** One request, with all that is needed to answer it. */
export interface Exchange {
  readonly context: ServerContext;
  readonly outlet: Outlet;
  readonly turns: Turns;
  readonly request: Request;
  /** What the client may read now. Throws UNAUTHORIZED, and ends the connection. */
  admit(): Grant;
  /** Once the server shuts down: the error for everything that was not begun. */
  refusal(): Error | undefined;
  /** Call this for each image of a request for many. */
  told(image: string, outcome: string): void;
}

/** What all sessions of a server share. */
export interface ServerContext {
  readonly catalog: Catalog;
  readonly gatekeeper: Gatekeeper;
  readonly limits: ServedLimits;
  readonly timeouts: Timeouts;
  /** Images on a page of a list, at most. */
  readonly maxPage: number;
  /** Bytes of a block for DIGESTS. */
  readonly blockSize: number;
  readonly buffers: BufferPool;
  readonly packs: PackBuffers;
  readonly unfinished: UnfinishedImages;
  readonly agent: string | undefined;
  readonly log: Log;
}
