import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCause, LocalError, ResoError } from '../../errors';
import { ownerLiveness } from '../disk/owner';
import type { WorkFolder } from '../disk/work-folder';
import { readMark, stateOf, writeMark, type Generation } from './index-mark';
import type { IndexLine, IndexRecord } from './index-record';
import { Journal } from './journal';
import { readBatches, readOwn, readSorted, writeRecords, type Batches, type Records } from './record-file';
import { merge } from './sorted-lists';
import { SortedRuns } from './sorted-runs';

/** Milliseconds without a write after which a journal counts as abandoned if its owner can't be asked. */
const GIVEN_UP = 60_000;

/** A journal, the files beside it while it is merged into the index, and the files for probing names. */
const FILE_NAME = /^index\.([0-9a-z]+-[0-9a-f]{16})\.(log|run[0-9]+|new|run[0-9]+\.tmp|probe-.+)$/;

/**
 * What syncs know about the files in one folder: `.reso/index`, sorted by name, and beside it a journal for each sync that
 * is running or was killed. A plain file, not a database: it is read once from start to end, it works on any file system,
 * and each line has a checksum, so that damage only means comparing a file again.
 * Two syncs that end at the same time may lose each other's updates, which costs another comparison and no more.
 */
export class IndexStore {
  readonly #work: WorkFolder;
  readonly #journal: Journal;
  readonly #owner: string;
  /** If this process has written the index: its number of entries and the state of its file. */
  #written: { readonly count: number; readonly file: string | undefined } | undefined;

  constructor(work: WorkFolder, owner: string) {
    this.#work = work;
    this.#owner = owner;
    this.#journal = new Journal(this.#own('log'));
  }

  /** All entries, in byte order of the names. Without what a killed sync left: see `adopt`. */
  records(): Records {
    return readSorted(this.#path);
  }

  /** The same, without checking the order. */
  batches(): Records {
    return readBatches(this.#path);
  }

  /** The generation of this server of which the index is exactly the list; undefined if none. */
  generationOf(origin: string): Promise<Generation | undefined> {
    return readMark(this.#path, origin);
  }

  /**
   * Call it after closing: the list of this generation had `listed` images, which are all in the index; undefined: the index
   * already was this list.
   */
  async markAs(origin: string, known: Generation, listed?: number): Promise<void> {
    if ((await this.generationOf(origin))?.generation === known.generation) return;
    // There may be more entries, of files that are no longer listed but were not deleted.
    if (listed === undefined || listed === (await this.#count())) await writeMark(this.#path, origin, known);
  }

  async #count(): Promise<number> {
    const written = this.#written;
    if (written?.file !== undefined && written.file === (await stateOf(this.#path))) return written.count;
    let count = 0;
    for await (const records of this.batches()) count += records.length;
    return count;
  }

  note(record: IndexRecord): void {
    this.#journal.note(record);
  }

  /** Merges what dead syncs left into the index. */
  async adopt(): Promise<void> {
    for (const name of await readdir(this.#work.path)) {
      const [, owner, kind] = FILE_NAME.exec(name) ?? [];
      if (owner === undefined || !(await this.#isGivenUp(name, owner))) continue;
      const path = join(this.#work.path, name);
      if (kind === 'log') await this.#take(path, readBatches(path));
      else await unlink(path).catch(() => undefined);
    }
  }

  /** Merges what was noted into the index. */
  async close(): Promise<void> {
    if (this.#journal.isEmpty) return;
    await this.#journal.close();
    const { path } = this.#journal;
    await this.#take(path, readOwn(path));
  }

  async #take(journal: string, news: Batches<IndexLine>): Promise<void> {
    const runs = new SortedRuns((run) => this.#own(`run${run}`));
    try {
      for await (const lines of news) await runs.add(lines);
      const all = merge<IndexLine>(this.records(), await runs.sorted());
      const count = await writeRecords(this.#path, this.#own('new'), known(all));
      this.#written = { count, file: await stateOf(this.#path) };
      await unlink(journal);
    } finally {
      await runs.remove();
    }
  }

  async #isGivenUp(name: string, owner: string): Promise<boolean> {
    const liveness = await ownerLiveness(this.#work.path, owner);
    if (liveness !== 'unknown') return liveness === 'dead';
    const stats = await stat(join(this.#work.path, name)).catch(() => undefined);
    return stats !== undefined && Date.now() - stats.mtimeMs > GIVEN_UP;
  }

  get #path(): string {
    return join(this.#work.path, 'index');
  }

  #own(kind: string): string {
    return join(this.#work.path, `index.${this.#owner}.${kind}`);
  }
}

async function* known(all: Batches<IndexLine>): AsyncGenerator<readonly IndexLine[], void, undefined> {
  for await (const lines of all) yield lines.filter(({ forgets }) => !forgets);
}

/** The error for an index that can't be written. */
export function indexError(cause: unknown): ResoError {
  if (cause instanceof ResoError) return cause;
  const message = `Can't write the index in .reso: ${describeCause(cause)}. Make room or fix the problem, then run the command again.`;
  return new LocalError('DISK', message, { cause });
}
