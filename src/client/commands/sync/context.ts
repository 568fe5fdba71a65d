import type { LocalFiles } from '../../disk/local-files';
import type { IndexStore } from '../../index/index-store';
import type { Scope } from '../../plan/scope';
import type { Destination } from '../../transfer/context';
import type { DownloadSource } from '../../transfer/download';
import type { SyncOptions, SyncResult } from './options';
import type { Postponed } from './postponed';
import type { WantedList } from './wanted-list';

/** What a sync needs from the client. */
export interface SyncSource extends DownloadSource {
  /** Resolves when the server has answered. */
  reach(): Promise<unknown>;
  /** Whether this is the current generation of the server's images. */
  isOf(generation: string): Promise<boolean>;
}

/** State shared by the parts of one sync. */
export interface SyncContext extends Destination {
  readonly source: SyncSource;
  readonly wanted: WantedList;
  readonly options: SyncOptions;
  readonly local: LocalFiles;
  readonly store: IndexStore;
  readonly scope: Scope;
  /** Whether the index is known to be exactly the wanted list. */
  readonly isKnown: boolean;
  /** Set if another sync will follow. */
  readonly postponed: Postponed | undefined;
  report(result: SyncResult): void;
}
