import { namesIn } from '../../files';
import type { WorkFolder } from '../disk/work-folder';
import type { IndexRecord } from './index-record';
import { IndexStore } from './index-store';

/** Images, and their bytes, from which on it is worth keeping an index of them: to hash them again would be noticed. */
const WORTH_IMAGES = 256;
const WORTH_BYTES = 64 * 1_048_576;

/** An index that comes to be only when there is enough to put into it, or when there was one before. */
export class LateStore {
  readonly #work: WorkFolder;
  readonly #reader: IndexStore;
  #writer: Promise<IndexStore> | undefined;
  #store: IndexStore | undefined;
  /** What is to be noted, as long as there is no index to note it in. */
  #waiting: IndexRecord[] = [];
  #bytes = 0;

  constructor(work: WorkFolder) {
    this.#work = work;
    this.#reader = new IndexStore(work, '');
  }

  /** What is known. */
  records(): ReturnType<IndexStore['records']> {
    return this.#reader.records();
  }

  /** Takes over what an earlier run left, if one did. */
  async open(): Promise<void> {
    const names = await namesIn(this.#work.path).catch(() => []);
    if (!names.some((name) => name === 'index' || name.startsWith('index.'))) return;
    await (await this.#begin()).adopt();
  }

  note(record: IndexRecord): void {
    if (this.#store) return this.#store.note(record);
    this.#waiting.push(record);
    this.#bytes += record.entry?.size ?? 0;
    // That it can't be made shows when it is closed.
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
