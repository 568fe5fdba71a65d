import { unlink } from 'node:fs/promises';
import { compareNames } from '../../names';
import type { IndexRecord } from './index-record';
import { merge } from './merge';
import { readSorted, writeRecords, type Records } from './record-file';

/** Records that are sorted in memory at a time. */
const RUN = 20_000;

/** Sorts records by name in bounded memory, by way of files. Of those of one name the one that came last is kept. */
export class SortedRuns {
  readonly #pathOf: (run: number) => string;
  readonly #run: number;
  readonly #files: string[] = [];
  #records = new Map<string, IndexRecord>();

  /** `pathOf` names the files, which are removed by `remove`. */
  constructor(pathOf: (run: number) => string, run = RUN) {
    this.#pathOf = pathOf;
    this.#run = run;
  }

  async add(record: IndexRecord): Promise<void> {
    this.#records.set(record.name, record);
    if (this.#records.size < this.#run) return;
    const path = this.#pathOf(this.#files.length);
    this.#files.push(path);
    await writeRecords(path, `${path}.tmp`, this.#sorted());
    this.#records = new Map();
  }

  /** All of them. */
  sorted(): Records {
    return merge(...this.#files.map(readSorted), this.#sorted());
  }

  async remove(): Promise<void> {
    for (const path of this.#files) await unlink(path).catch(() => undefined);
  }

  async *#sorted(): AsyncGenerator<IndexRecord, void, undefined> {
    yield* [...this.#records.values()].sort((a, b) => compareNames(a.name, b.name));
  }
}
