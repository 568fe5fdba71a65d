import type { LocalFiles } from '../../disk/local-files';
import type { IndexStore } from '../../index/index-store';
import type { Scope } from '../../plan/scope';
import type { Destination } from '../../transfer/context';
import type { DownloadSource } from '../../transfer/download';
import type { SyncOptions, SyncResult } from './options';
import type { WantedList } from './wanted-list';

/** Where a sync gets things from. */
export interface SyncSource extends DownloadSource {
  /** Resolves when the server has answered. */
  reach(): Promise<unknown>;
  /** Whether the server's images are of this generation. */
  isOf(generation: string): Promise<boolean>;
}

/** What the parts of one sync share. */
export interface SyncContext extends Destination {
  readonly source: SyncSource;
  readonly wanted: WantedList;
  readonly options: SyncOptions;
  readonly local: LocalFiles;
  readonly store: IndexStore;
  readonly scope: Scope;
  /** Whether the index is known to be all that is wanted. */
  readonly isKnown: boolean;
  report(result: SyncResult): void;
}
