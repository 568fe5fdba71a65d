import type { Gatekeeper } from '../../access';
import type { Catalog } from '../../catalog';
import type { Log } from '../../telemetry';
import type { ServedLimits, Timeouts } from '../options';
import type { BufferPool, PackBuffers } from './buffers';
import type { UnfinishedImages } from './unfinished-images';

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
