import type { Catalog } from '../catalog';
import type { Limits } from '../protocol';
import type { Log } from '../telemetry';
import type { BufferPool } from './buffer-pool';
import type { Timeouts } from './options';

/** What all sessions of a server share. */
export interface ServerContext {
  readonly catalog: Catalog;
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  /** Bytes of a block for DIGESTS. */
  readonly blockSize: number;
  readonly buffers: BufferPool;
  readonly agent: string | undefined;
  readonly log: Log;
}
