import { createReadStream } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { systemCode } from '../../errors';
import { compareNames } from '../../names';
import { parseRecord, type IndexRecord } from './index-record';

/** Far beyond any line of ours: what is longer is no index. */
const MAX_LINE = 65_536;
/** Characters that are gathered into one write, and bytes that are read at once. */
const BATCH = 1_048_576;

export type Records = AsyncIterable<IndexRecord>;

/** The good records of a file, some hundred at a time; none if it is not there, or can't be read. */
export async function* readBatches(path: string): AsyncGenerator<IndexRecord[], void, undefined> {
  for await (const lines of linesOf(path)) {
    yield lines.map(parseRecord).filter((record) => record !== undefined);
  }
}

/** The same, one by one. */
export async function* readRecords(path: string): AsyncGenerator<IndexRecord, void, undefined> {
  for await (const records of readBatches(path)) yield* records;
}

/** As `readRecords`, without what is not in ascending order: no two records of a name, and fit to be merged. */
export async function* readSorted(path: string): AsyncGenerator<IndexRecord, void, undefined> {
  let last: string | undefined;
  for await (const record of readRecords(path)) {
    if (last !== undefined && compareNames(record.name, last) <= 0) continue;
    last = record.name;
    yield record;
  }
}

async function* linesOf(path: string): AsyncGenerator<string[], void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: BATCH })) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop()!;
      yield lines;
      if (rest.length > MAX_LINE) return;
    }
  } catch (error) {
    // What can't be read vouches for nothing, and that is all: it is made anew.
    if (systemCode(error) === undefined) throw error;
  }
}

/** Puts records into a file that is there whole or not at all; gives how many there were. */
export async function writeRecords(path: string, temporary: string, records: Records): Promise<number> {
  let count = 0;
  try {
    const file = await open(temporary, 'w');
    try {
      let batch = '';
      for await (const { line } of records) {
        count++;
        batch += `${line}\n`;
        if (batch.length < BATCH) continue;
        await file.writeFile(batch);
        batch = '';
      }
      await file.writeFile(batch);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return count;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
