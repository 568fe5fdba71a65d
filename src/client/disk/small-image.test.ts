import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Files from '../../files';
import { Partial } from './partial';
import { SmallImage } from './small-image';
import { WorkFolder } from './work-folder';

/** What happens before the next part gets its final name. */
let mockMeanwhile: (() => Promise<unknown>) | undefined;
jest.mock('../../files', () => {
  const files = jest.requireActual<typeof Files>('../../files');
  const renameFile = async (from: string, to: string) => {
    const meanwhile = from.endsWith('.part') ? mockMeanwhile : undefined;
    if (meanwhile) mockMeanwhile = undefined;
    await meanwhile?.();
    return files.renameFile(from, to);
  };
  return { ...files, renameFile };
});

const bytes = Buffer.from('an image');
const note = {
  name: 'a.jpg',
  server: '127.0.0.1:5005',
  size: bytes.length,
  mtime: 1_600_000_000_123_000,
  version: 'v1',
};

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'reso-'))));
afterEach(() => rm(folder, { recursive: true }));

function smallImage(work: WorkFolder): SmallImage {
  const image = new SmallImage(work, note);
  image.append(bytes.subarray(0, 3));
  image.append(bytes.subarray(3));
  return image;
}

test('a small image comes under its name, and leaves nothing', async () => {
  const work = new WorkFolder(folder);
  const image = smallImage(work);
  expect(await image.digest()).toBe(createHash('sha256').update(bytes).digest('hex'));
  await image.commit(join(folder, 'a.jpg'));
  await work.leave();
  expect((await readFile(join(folder, 'a.jpg'))).equals(bytes)).toBe(true);
  expect(await readdir(folder)).toEqual(['a.jpg']);
});

test('a process that takes its part for what a dead one left is no hindrance', async () => {
  let swept = 0;
  mockMeanwhile = async () => {
    const before = (await readdir(join(folder, '.reso'))).length;
    await new WorkFolder(folder).leave();
    swept = before - (await readdir(join(folder, '.reso')).catch(() => [])).length;
  };
  const work = new WorkFolder(folder);
  await smallImage(work).commit(join(folder, 'a.jpg'));
  await work.leave();
  expect(swept).toBe(1);
  expect((await readFile(join(folder, 'a.jpg'))).equals(bytes)).toBe(true);
  expect(await readdir(folder)).toEqual(['a.jpg']);
});

test('nor is one that wants the same image, and knows nobody who answers for that part', async () => {
  const other = new WorkFolder(folder);
  const wanted = async () => Partial.resume(other, note.name);
  mockMeanwhile = async () => {
    await other.claim('another.jpg');
    mockMeanwhile = wanted;
  };
  const work = new WorkFolder(folder);
  await smallImage(work).commit(join(folder, 'a.jpg'));
  await work.leave();
  expect(mockMeanwhile).toBeUndefined();
  expect((await readFile(join(folder, 'a.jpg'))).equals(bytes)).toBe(true);
});

test('the part of a process that was killed before the image had its name is removed by the next', async () => {
  const killed = new WorkFolder(folder);
  mockMeanwhile = () => new Promise(() => undefined);
  void smallImage(killed).commit(join(folder, 'a.jpg'));
  while (mockMeanwhile) await new Promise((resolve) => setImmediate(resolve));
  expect(await readdir(join(folder, '.reso'))).toHaveLength(1);
  await new WorkFolder(folder).leave();
  expect(await readdir(folder)).toEqual([]);
});
