import type { ImageStore } from '../stores';
import type { Catalog } from './catalog';
import { openMemory } from './open-memory';
import { StoreCatalog } from './store-catalog';

export interface CatalogOptions {
  readonly store: ImageStore;
  /** Folder for what is remembered between runs; made if it isn't there. Default: memory only. */
  readonly state?: string | undefined;
  /** Compute the digests of all images while nobody is served, also of those that come to be later. */
  readonly hashesAll?: boolean | undefined;
  /** Hears, in one sentence, why nothing is remembered although a folder was given, and of what can no longer be read. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export async function openCatalog({
  store,
  state,
  onWarning = () => undefined,
  hashesAll = false,
}: CatalogOptions): Promise<Catalog> {
  const memory = await openMemory(state, store.identity, onWarning);
  return new StoreCatalog(store, memory, hashesAll, onWarning);
}
