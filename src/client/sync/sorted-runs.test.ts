import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetful, parseRecord, recordOf, type IndexEntry } from './index-record';
import { SortedRuns } from './sorted-runs';

const entry = (name: string, size = 1): IndexEntry => ({
  ...{ name, size, mtime: 1.5, ctime: 2.25, origin: 'o', version: 'v' },
  sha256: 'ab',
});

test('sorts by way of files, the last of a name wins, and nothing is left', async () => {
  const base = await mkdtemp(join(tmpdir(), 'reso-'));
  const runs = new SortedRuns((run) => join(base, `run${run}`), 10);
  for (let i = 0; i < 95; i++) await runs.add(recordOf(entry(`${(i * 37) % 95}.jpg`)));
  await runs.add(recordOf(entry('5.jpg', 7)));
  await runs.add(forgetful('6.jpg'));
  const sorted = [];
  for await (const record of runs.sorted()) sorted.push(record);
  expect(sorted.map(({ name }) => name)).toEqual(Array.from({ length: 95 }, (_, i) => `${i}.jpg`).sort());
  expect(sorted.find(({ name }) => name === '5.jpg')?.entry?.size).toBe(7);
  expect(sorted.find(({ name }) => name === '6.jpg')?.entry).toBeUndefined();
  await runs.remove();
  expect(await readdir(base)).toEqual([]);
  await rm(base, { recursive: true });
});

test('a line is read as it was written, and not at all with any character changed', () => {
  const { line } = recordOf(entry('\u{1f600} a".jpg'));
  expect(parseRecord(line)).toMatchObject({ entry: entry('\u{1f600} a".jpg') });
  for (let i = 0; i < line.length; i++) {
    const changed = line.slice(0, i) + String.fromCharCode(line.charCodeAt(i) ^ 1) + line.slice(i + 1);
    expect(parseRecord(changed)).toBeUndefined();
  }
});
