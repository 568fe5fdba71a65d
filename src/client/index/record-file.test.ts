import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetful, recordOf, type IndexLine, type IndexRecord } from './index-record';
import { readBatches, readOwn, readSorted, writeRecords, type Batches } from './record-file';

let base: string;
let path: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  path = join(base, 'index');
});
afterEach(() => rm(base, { recursive: true }));

const record = (name: string) =>
  recordOf({ name, size: 1, mtime: 1.5, ctime: 2.25, origin: 'o', version: 'v', sha256: 'ab' });
/** Of characters that take one to four bytes, so that pieces end within them. */
const many = (count: number) =>
  Array.from({ length: count }, (_, i) => record(`${100_000 + i} \u00e9\u20ac\u{1f600}.jpg`));
const textOf = (lines: readonly IndexLine[]) => lines.map(({ line }) => `${line}\n`).join('');

async function all<T>(batches: Batches<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

async function* batchesOf(...batches: IndexRecord[][]): AsyncGenerator<IndexRecord[], void, undefined> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

test('what is written is read, however many pieces that are', async () => {
  const records = many(10_000);
  expect(await writeRecords(path, `${path}.new`, batchesOf(records.slice(0, 7), [], records.slice(7)))).toBe(
    10_000,
  );
  expect(await readdir(base)).toEqual(['index']);
  expect(await readFile(path, 'utf8')).toBe(textOf(records));
  expect(await all(readBatches(path))).toEqual(records);
  expect(await all(readSorted(path))).toEqual(records);
  const own = await all(readOwn(path));
  expect(own).toEqual(records.map(({ name, forgets, line }) => ({ name, forgets, line })));
});

test('damaged lines are passed over, and what was not written to its end', async () => {
  const [a, b, c] = many(3) as [IndexRecord, IndexRecord, IndexRecord];
  const damaged = Buffer.from(`${textOf([a, b, c])}${record('z.jpg').line}`);
  damaged[textOf([a]).length + 60] = 0xff;
  await writeFile(path, damaged);
  expect(await all(readBatches(path))).toEqual([a, c]);
});

test('what is not in order is left out where order counts', async () => {
  const [a, b, c] = many(3) as [IndexRecord, IndexRecord, IndexRecord];
  await writeFile(path, textOf([b, a, b, forgetful(c.name), c]));
  expect((await all(readSorted(path))).map(({ line }) => line)).toEqual([b.line, forgetful(c.name).line]);
  expect(await all(readBatches(path))).toHaveLength(5);
});

test('a file that is no index is not read to its end, and one that can not be read holds nothing', async () => {
  await writeFile(path, `${record('a.jpg').line}\n${'x'.repeat(200_000)}\n${record('b.jpg').line}\n`);
  expect((await all(readBatches(path))).map(({ name }) => name)).toEqual(['a.jpg']);
  expect(await all(readBatches(join(base, 'none')))).toEqual([]);
  await mkdir(join(base, 'folder'));
  expect(await all(readBatches(join(base, 'folder')))).toEqual([]);
});

test('where writing fails nothing is left, and what was there stays', async () => {
  await writeFile(path, 'before');
  async function* failing(): AsyncGenerator<IndexRecord[], void, undefined> {
    yield await Promise.resolve(many(5));
    throw new Error('no more');
  }
  await expect(writeRecords(path, `${path}.new`, failing())).rejects.toThrow('no more');
  expect(await readdir(base)).toEqual(['index']);
  expect(await readFile(path, 'utf8')).toBe('before');
});
