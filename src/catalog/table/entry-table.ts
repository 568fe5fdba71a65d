import type { ImageStore, Scan, StoredEntry } from '../../stores';
import type { UnreadableFinds } from './unreadable-finds';

/** What a scan of the store found besides its images. */
export interface ScanFindings extends Pick<Scan, 'leftOut' | 'leftOutNames'> {
  readonly unreadable: UnreadableFinds;
}

/** The findings of `scan`. `count`: how many images and folders can't be read. */
export function findingsOf(scan: Scan, unreadable: UnreadableFinds, count: number): ScanFindings {
  const leftOut = { ...scan.leftOut, unreadable: count };
  return { leftOut, leftOutNames: { ...scan.leftOutNames, unreadable: unreadable.names }, unreadable };
}

/** Is told of each change of a table, after it has been made. */
export interface TableObserver {
  /** Each of these entries has come or gone; with that, the table's generation has changed. */
  changed(entries: readonly StoredEntry[], generation: { readonly from: string; readonly to: string }): void;
}

/** All images of a store as the last scan found them. */
export interface EntryTable {
  observer: TableObserver | undefined;
  readonly images: number;
  /** Images, and folders, that can't be read. */
  readonly unreadable: number;
  /** Of all images. */
  readonly bytes: number;
  /** Opaque; equal for equal names and versions, also after a restart. */
  readonly generation: string;
  /**
   * Scans the store and takes in what has changed; with `names` it may look only at these files. Don't call it while it is
   * running.
   */
  update(store: ImageStore, names?: readonly string[]): Promise<ScanFindings>;
  /** The next entries after `after`, unreadable ones too, in order of the names' bytes. Fewer than `most` only at the end. */
  next(after: string | undefined, most: number): readonly StoredEntry[];
  /** The entry of this name, whether it can be read or not. */
  get(name: string): StoredEntry | undefined;
  /** Aborts a running update. After that the table is empty. */
  close(): void;
}

/** What a generation depends on: a name, its version, and whether it can be read. */
export function stateKey({ name, version, unreadable }: StoredEntry): string {
  return unreadable === undefined ? `${name}\0${version}` : `${name}\0${version}\0unreadable`;
}
