import type { Gatekeeper, Grant } from '../../access';
import type { Catalog } from '../../catalog';
import type { Log } from '../../telemetry';
import type { ServedLimits, Timeouts } from '../options';
import type { BufferPool, PackBuffers } from '../../connection';
import type { Outlet } from './outlet';
import type { Request } from './request';
import type { Turns } from './turns';
import type { UnfinishedImages } from './unfinished-images';

/** One request, with everything needed to answer it. */
export interface Exchange {
  readonly context: ServerContext;
  readonly outlet: Outlet;
  readonly turns: Turns;
  readonly request: Request;
  /** What the client may read now. Throws UNAUTHORIZED and closes the connection. */
  admit(): Grant;
  /** While the server is shutting down: the error for everything that has not started. */
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
  /** Most images on a page of a list. */
  readonly maxPage: number;
  /** Block size for DIGESTS, in bytes. */
  readonly blockSize: number;
  readonly buffers: BufferPool;
  readonly packs: PackBuffers;
  readonly unfinished: UnfinishedImages;
  readonly agent: string | undefined;
  readonly log: Log;
}
