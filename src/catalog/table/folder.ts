import type { StoredEntry } from '../../stores';
import type { CatalogEntry, FolderPage, FolderQuery } from '../catalog';
import type { EntryTable } from './entry-table';
import { behindFolder, walk } from './walk';

/** Milliseconds after which a page ends, however short it is. */
const MAX_TIME = 250;

/** A page of the folders and images directly in a folder. */
export async function cutFolder(
  table: EntryTable,
  query: FolderQuery,
  describe: (entry: StoredEntry) => CatalogEntry,
): Promise<FolderPage> {
  const [folders, images]: [string[], CatalogEntry[]] = [[], []];
  const prefix = query.path === '' ? '' : `${query.path}/`;
  const deadline = performance.now() + MAX_TIME;
  let last: string | undefined;
  for await (const found of walk(table, { ...query, isDeep: false })) {
    // There is at least one more item, so there is a next page.
    if (folders.length + images.length >= query.limit) return { folders, images, next: last };
    if ('folder' in found) folders.push(found.folder);
    else images.push(describe(found.entry));
    last = 'folder' in found ? behindFolder(prefix, found.folder) : found.entry.name;
    if (performance.now() > deadline) return { folders, images, next: last };
  }
  return { folders, images };
}
