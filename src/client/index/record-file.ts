import { constants } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../../errors';
import { closeQuietly, openFile, readFile } from '../../files';
import { compareNames } from '../../names';
import { parseOwnLineIn, parseRecordIn, type IndexLine, type IndexRecord } from './index-record';

/** Far beyond any line of ours: what is longer is no index. */
const MAX_LINE = 32_768;
/** A pipe that lies there must not hold us up. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Some hundred at a time. */
export type Batches<T> = AsyncIterable<readonly T[]>;
export type Records = Batches<IndexRecord>;

type ParseIn<T> = (text: string, start: number, end: number) => T | undefined;

/** The good records of a file; none if it is not there, or can't be read. */
export function readBatches(path: string): Records {
  return read(path, parseRecordIn);
}

/** The lines of a file that this process wrote itself. */
export function readOwn(path: string): Batches<IndexLine> {
  return read(path, parseOwnLineIn);
}

/** As `readBatches`, without what is not in ascending order: no two records of a name, and fit to be merged. */
export async function* readSorted(path: string): AsyncGenerator<IndexRecord[], void, undefined> {
  let last: string | undefined;
  const isNext = ({ name }: IndexRecord) => {
    if (last !== undefined && compareNames(name, last) <= 0) return false;
    last = name;
    return true;
  };
  for await (const records of readBatches(path)) yield records.filter(isNext);
}

async function* read<T>(path: string, parse: ParseIn<T>): AsyncGenerator<T[], void, undefined> {
  try {
    for await (const text of piecesOf(path)) yield parseLines(text, parse);
  } catch (error) {
    // What can't be read vouches for nothing, and that is all: it is made anew.
    if (systemCode(error) === undefined) throw error;
  }
}

function parseLines<T>(text: string, parse: ParseIn<T>): T[] {
  const parsed: T[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const one = parse(text, start, end);
    if (one) parsed.push(one);
    start = end + 1;
  }
  return parsed;
}

/** The file in pieces of whole lines. What is behind the last end of a line was not written to its end. */
async function* piecesOf(path: string): AsyncGenerator<string, void, undefined> {
  const file = await openFile(path, READ);
  try {
    const buffer = Buffer.allocUnsafe(2 * MAX_LINE);
    let held = 0;
    for (let position = 0; held <= MAX_LINE;) {
      const came = await readFile(file, buffer, held, buffer.length - held, position);
      if (came === 0) return;
      position += came;
      const filled = held + came;
      const end = buffer.subarray(0, filled).lastIndexOf('\n') + 1;
      if (end > 0) yield buffer.toString('utf8', 0, end);
      buffer.copyWithin(0, end, filled);
      held = filled - end;
    }
  } finally {
    await closeQuietly(file);
  }
}

/** Puts lines into a file that is there whole or not at all; gives how many there were. */
export async function writeRecords(
  path: string,
  temporary: string,
  records: Batches<IndexLine>,
): Promise<number> {
  try {
    const count = await writeAll(temporary, records);
    await rename(temporary, path);
    return count;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function writeAll(path: string, records: Batches<IndexLine>): Promise<number> {
  const writer = await LineWriter.open(path);
  let isWhole = false;
  try {
    for await (const lines of records) await writer.add(lines);
    isWhole = true;
  } finally {
    await writer.close(isWhole);
  }
  return writer.count;
}

/** Characters that are gathered into one write. */
const BATCH = 262_144;

/** Writes lines into a file of its own. */
export class LineWriter {
  /** Lines so far. */
  count = 0;
  readonly #file: FileHandle;
  #text = '';

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<LineWriter> {
    return new LineWriter(await open(path, 'w'));
  }

  async add(lines: readonly IndexLine[]): Promise<void> {
    this.count += lines.length;
    for (const { line } of lines) this.#text += `${line}\n`;
    if (this.#text.length >= BATCH) await this.#flush();
  }

  /** To be called however it went; `isWhole`: what was gathered is written, too. */
  async close(isWhole: boolean): Promise<void> {
    try {
      if (isWhole) await this.#flush();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#file.writeFile(text);
  }
}
