import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetful, parseRecord, recordOf, type IndexEntry, type IndexLine } from './index-record';
import { SortedRuns } from './sorted-runs';

let base: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
});
afterEach(() => rm(base, { recursive: true }));

const entry = (name: string, size = 1): IndexEntry => ({
  ...{ name, size, mtime: 1.5, ctime: 2.25, origin: 'o', version: 'v' },
  sha256: 'ab',
});

const runsOf = (most: number) => new SortedRuns((run) => join(base, `run${run}`), most);

async function sortedBy(runs: SortedRuns): Promise<IndexLine[]> {
  const sorted: IndexLine[] = [];
  for await (const lines of await runs.sorted()) sorted.push(...lines);
  return sorted;
}

test('sorts by way of files, the last of a name wins, and nothing is left', async () => {
  const runs = runsOf(10);
  for (let i = 0; i < 95; i++) await runs.add([recordOf(entry(`${(i * 37) % 95}.jpg`))]);
  await runs.add([recordOf(entry('5.jpg', 7))]);
  await runs.add([forgetful('6.jpg')]);
  const sorted = await sortedBy(runs);
  expect(sorted.map(({ name }) => name)).toEqual(Array.from({ length: 95 }, (_, i) => `${i}.jpg`).sort());
  expect(parseRecord(sorted.find(({ name }) => name === '5.jpg')!.line)?.entry?.size).toBe(7);
  expect(sorted.find(({ name }) => name === '6.jpg')?.forgets).toBe(true);
  await runs.remove();
  expect(await readdir(base)).toEqual([]);
});

test('what is nearly in order becomes one file', async () => {
  const names = Array.from({ length: 500 }, (_, i) => `${1000 + (i ^ 7)}.jpg`);
  // One that took long.
  names.push(names.splice(20, 1)[0]!);
  const runs = runsOf(50);
  for (const name of names) await runs.add([recordOf(entry(name))]);
  expect(await readdir(base)).toEqual(['run0']);
  expect((await sortedBy(runs)).map(({ name }) => name)).toEqual([...names].sort());
  await runs.remove();
});

test('of any order, with names that come again and again, the last ones are kept', async () => {
  const expected = new Map<string, number>();
  const runs = runsOf(16);
  for (let i = 0, random = 1; i < 3000; i++) {
    random = (random * 48271) % 0x7fffffff;
    const name = `${random % 400} "\u00e9.jpg`;
    expected.set(name, i);
    await runs.add([recordOf(entry(name, i))]);
  }
  const sorted = await sortedBy(runs);
  expect(sorted.map(({ name }) => name)).toEqual([...expected.keys()].sort());
  for (const { name, line } of sorted) expect(parseRecord(line)?.entry?.size).toBe(expected.get(name));
  await runs.remove();
});

test('what is given up leaves nothing', async () => {
  const runs = runsOf(4);
  await runs.add(['a', 'b', 'c', 'd', 'e'].map((name) => recordOf(entry(name))));
  expect(await readdir(base)).toEqual(['run0']);
  await runs.remove();
  expect(await readdir(base)).toEqual([]);
});
