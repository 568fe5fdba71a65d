import type { ImageEntry, Page } from '../../../protocol';
import type { IndexStore } from '../../index/index-store';
import { entryOf } from '../../index/index-filter';
import type { Wanted } from './wanted';

/** What the server has, by the index: it was seen to be of the same generation. */
export function wantedOfIndex(wanted: Wanted, store: IndexStore, generation: string): Wanted {
  async function* pages(): AsyncGenerator<Page, void, undefined> {
    for await (const batch of store.batches()) {
      const images: ImageEntry[] = [];
      for (const { entry } of batch) if (entry) images.push(entryOf(entry));
      yield { generation, images };
    }
  }
  return { ...wanted, pages };
}
