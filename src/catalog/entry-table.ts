import type { ImageStore, Scan, StoredEntry } from '../stores';

/** What a look through the store found beside its images. */
export type Found = Pick<Scan, 'leftOut' | 'leftOutNames'>;

/** All images of a store as the last scan found them. */
export interface EntryTable {
  readonly images: number;
  /** Of all images. */
  readonly bytes: number;
  /** Opaque; equal for equal names and versions, also after a restart. */
  readonly generation: string;
  /** Looks through the store, and takes in what has changed. Not to be called while it runs. */
  update(store: ImageStore): Promise<Found>;
  /** At most so many of the entries behind `after`, in ascending order of the names' bytes; fewer only at the end. */
  next(after: string | undefined, most: number): readonly StoredEntry[];
  /** Ends an update that is under way; there is nothing any more then. */
  close(): void;
}
