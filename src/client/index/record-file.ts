import { constants } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../../errors';
import { closeQuietly, openFile, readFile } from '../../files';
import { compareNames } from '../../names';
import { parseOwnLineIn, parseRecordIn, type IndexLine, type IndexRecord } from './index-record';

/** Far beyond any line of ours: a file with longer lines is not an index. */
const MAX_LINE = 32_768;
/** A pipe in its place must not hold us up. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A few hundred at a time. */
export type Batches<T> = AsyncIterable<readonly T[]>;
export type Records = Batches<IndexRecord>;

type ParseIn<T> = (text: string, start: number, end: number) => T | undefined;

/** The valid records of a file; none if it is missing or can't be read. */
export function readBatches(path: string): Records {
  return read(path, parseRecordIn);
}

/** The lines of a file that this process wrote itself. */
export function readOwn(path: string): Batches<IndexLine> {
  return read(path, parseOwnLineIn);
}

/** Like `readBatches`, but skips records that are not in ascending order, so that names are unique and can be merged. */
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
    // An unreadable index only means that files are compared again; it will be rewritten.
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

/** The file in pieces of whole lines. Anything after the last line end is incomplete. */
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

/** Writes lines to a file atomically; returns how many there were. */
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

/** Characters per write. */
const BATCH = 262_144;

/** Writes lines to a new file. */
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

  /** Always call this at the end; `isWhole`: also write what is still buffered. */
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
