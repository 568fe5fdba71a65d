import { unlink } from 'node:fs/promises';
import { compareNames } from '../../names';
import type { IndexLine } from './index-record';
import { LineWriter, readOwn, type Batches } from './record-file';
import { merge } from './sorted-lists';

/** Lines that are sorted in memory at a time: at first, and at most if they turn out to be unordered. */
const FEW = 4096;
const MOST = 16_384;

/**
 * Sorts lines by name in bounded memory, using files. Of several lines with the same name, the last one is kept. Nearly
 * sorted input becomes one file, however long it is: whenever memory is full, the first half of the lines that can still
 * follow in that file is written to it.
 */
export class SortedRuns {
  readonly #pathOf: (run: number) => string;
  #most: number;
  readonly #files: string[] = [];
  /** Lines that can follow in the current file. */
  #ahead = new Map<string, IndexLine>();
  /** Lines that came too late for it and must wait for the next one. */
  readonly #behind = new Map<string, IndexLine>();
  #run: LineWriter | undefined;
  /** The last name in that file. */
  #last = '';

  /** `pathOf` names the files, which `remove` deletes. */
  constructor(pathOf: (run: number) => string, most = FEW) {
    this.#pathOf = pathOf;
    this.#most = most;
  }

  async add(lines: readonly IndexLine[]): Promise<void> {
    for (const line of lines) {
      if (compareNames(line.name, this.#last) > 0) this.#ahead.set(line.name, line);
      else this.#behind.set(line.name, copyOf(line));
    }
    while (this.#ahead.size + this.#behind.size >= this.#most) await this.#makeRoom();
  }

  /** All lines, sorted; call it once. */
  async sorted(): Promise<Batches<IndexLine>> {
    await this.#endRun();
    // Lines in memory came later than any line with the same name in a file.
    return merge(...this.#files.map(readOwn), atOnce(inOrder(this.#ahead.values())));
  }

  async remove(): Promise<void> {
    await this.#run?.close(false);
    for (const path of this.#files) await unlink(path).catch(() => undefined);
  }

  async #makeRoom(): Promise<void> {
    if (this.#behind.size > this.#ahead.size) {
      await this.#endRun();
      this.#most = Math.min(this.#most * 2, MOST);
    }
    const sorted = inOrder(this.#ahead.values());
    const half = Math.ceil(sorted.length / 2);
    this.#run ??= await this.#begin();
    await this.#run.add(sorted.slice(0, half));
    this.#last = sorted[half - 1]!.name;
    this.#ahead = byName(sorted.slice(half));
  }

  #begin(): Promise<LineWriter> {
    const path = this.#pathOf(this.#files.length);
    this.#files.push(path);
    return LineWriter.open(path);
  }

  async #endRun(): Promise<void> {
    const run = this.#run;
    this.#run = undefined;
    this.#last = '';
    for (const [name, line] of this.#behind) this.#ahead.set(name, line);
    this.#behind.clear();
    await run?.close(true);
  }
}

function inOrder(lines: Iterable<IndexLine>): IndexLine[] {
  return [...lines].sort((a, b) => compareNames(a.name, b.name));
}

function byName(lines: readonly IndexLine[]): Map<string, IndexLine> {
  return new Map(lines.map((line) => [line.name, line]));
}

/** A substring keeps its whole text in memory, which is too much for a line that may wait for long. */
function copyOf({ name, forgets, line }: IndexLine): IndexLine {
  return { name: copyOfText(name), forgets, line: copyOfText(line) };
}

function copyOfText(text: string): string {
  return Buffer.from(text).toString();
}

async function* atOnce<T>(all: T[]): AsyncGenerator<T[], void, undefined> {
  yield await Promise.resolve(all);
}
