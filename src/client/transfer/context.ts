import type { Durability } from '../disk/durability';
import type { NameLocks } from '../disk/name-locks';
import type { OutputFolder } from '../disk/output-folder';
import type { WorkFolders } from '../disk/work-folders';
import type { Pool } from '../net/pool';
import type { Progress } from '../progress';
import type { DownloadResult } from '../result';
import type { Backlog } from './backlog';
import type { Fleet } from './lanes/fleet';
import type { RunHealth } from './run-health';

/** Where images are stored, and where they are kept until then. */
export type Destination = Pick<DownloadContext, 'health' | 'output' | 'work'>;

/** State shared by all images of one download. */
export interface DownloadContext {
  readonly pool: Pool;
  /** `host:port` of the server, or those of several. */
  readonly server: string;
  readonly output: OutputFolder;
  readonly work: WorkFolders;
  readonly backlog: Backlog;
  readonly fleet: Fleet;
  readonly overwrite: boolean;
  readonly nameLocks: NameLocks;
  /** Set if images must survive a power failure. */
  readonly durability: Durability | undefined;
  /** How often an image that changes or arrives damaged is downloaded again. */
  readonly retries: number;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  report(result: DownloadResult): void;
  readonly health: RunHealth;
}
