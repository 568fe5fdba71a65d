import { namesIn } from '../../files';
import type { WorkFolder } from '../disk/work-folder';
import type { IndexRecord } from './index-record';
import { IndexStore } from './index-store';

/** From this many images or bytes on, an index is worthwhile: hashing them again would be noticeable. */
const WORTH_IMAGES = 256;
const WORTH_BYTES = 64 * 1_048_576;

/** An index that is created only when there is enough to put into it, or when there already was one. */
export class LateStore {
  readonly #work: WorkFolder;
  readonly #reader: IndexStore;
  #writer: Promise<IndexStore> | undefined;
  #store: IndexStore | undefined;
  /** What to note, as long as there is no index. */
  #waiting: IndexRecord[] = [];
  #bytes = 0;

  constructor(work: WorkFolder) {
    this.#work = work;
    this.#reader = new IndexStore(work, '');
  }

  /** The known entries. */
  records(): ReturnType<IndexStore['records']> {
    return this.#reader.records();
  }

  /** Takes over what an earlier run left, if anything. */
  async open(): Promise<void> {
    const names = await namesIn(this.#work.path).catch(() => []);
    if (!names.some((name) => name === 'index' || name.startsWith('index.'))) return;
    await (await this.#begin()).adopt();
  }

  note(record: IndexRecord): void {
    if (this.#store) return this.#store.note(record);
    this.#waiting.push(record);
    this.#bytes += record.entry?.size ?? 0;
    // If it can't be created, `close` reports it.
    const isWorthIt = this.#waiting.length >= WORTH_IMAGES || this.#bytes >= WORTH_BYTES;
    if (isWorthIt) this.#begin().catch(() => undefined);
  }

  async close(): Promise<void> {
    const store = await this.#writer;
    await store?.close();
  }

  #begin(): Promise<IndexStore> {
    this.#writer ??= this.#work.enter().then(({ id }) => {
      this.#store = new IndexStore(this.#work, id);
      for (const record of this.#waiting.splice(0)) this.#store.note(record);
      return this.#store;
    });
    return this.#writer;
  }
}
