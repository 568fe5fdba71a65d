import { appendFile, rename, truncate, unlink, utimes, writeFile } from 'node:fs/promises';
import { TemporaryFolder } from './fixtures/temporary-folder';
import { openFolder } from './folder-store';

let folder: TemporaryFolder;
beforeEach(async () => (folder = await TemporaryFolder.make()));
afterEach(() => folder.remove());

test('state: bytes, microseconds, and a version that fits into the protocol', async () => {
  const path = await folder.put('img.jpg', 'image');
  await utimes(path, 1_600_000_000, 1_600_000_000.123456);
  const state = await (await openFolder(folder.path)).stat('img.jpg');
  expect(state.size).toBe(5);
  expect(Math.abs(state.mtime - 1_600_000_000_123_456)).toBeLessThanOrEqual(1);
  expect(state.version).toMatch(/^[\x20-\x7e]{1,128}$/);
});

test('a time before 1970 is rounded down, and one far off stays within the protocol', async () => {
  const store = await openFolder(folder.path);
  await utimes(await folder.put('old.jpg', ''), new Date(0), new Date(-1500));
  expect((await store.stat('old.jpg')).mtime).toBe(-1_500_000);
  await utimes(await folder.put('far.jpg', ''), 0, 1e11).catch(() => undefined);
  expect(Number.isSafeInteger((await store.stat('far.jpg')).mtime)).toBe(true);
});

test.each<[string, (path: string) => Promise<unknown>]>([
  ['grown', (path) => appendFile(path, 'more')],
  ['shortened', (path) => truncate(path, 2)],
  ['overwritten by as many bytes', (path) => writeFile(path, 'IMAGE')],
  ['deleted', (path) => unlink(path)],
  ['replaced', async (path) => rename(await folder.put('next.jpg', 'image'), path)],
  [
    'overwritten, with size and time set back',
    async (path) => {
      await writeFile(path, 'IMAGE');
      await utimes(path, 1000, 1000);
    },
  ],
])('an open image notices that its file was %s', async (_, change) => {
  const path = await folder.put('img.jpg', 'image');
  await utimes(path, 1000, 1000);
  const image = await (await openFolder(folder.path)).open('img.jpg');
  expect(await image.isUnchanged()).toBe(true);
  // Older kernels stamp files only every few milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 15));
  await change(path);
  expect(await image.isUnchanged()).toBe(false);
  await image.close();
});

test('reading to the end and beyond', async () => {
  await folder.put('img.jpg', 'image');
  const image = await (await openFolder(folder.path)).open('img.jpg');
  const target = Buffer.alloc(8);
  expect(await image.read(target, 1, 7, 2)).toBe(3);
  expect(target.toString('latin1')).toBe('\0age\0\0\0\0');
  expect(await image.read(target, 0, 8, 5)).toBe(0);
  await image.close();
});

test('a directory entry that is read as a file is unreadable, not a crash', async () => {
  await folder.put('img.jpg', 'image');
  const image = await (await openFolder(folder.path)).open('img.jpg');
  await image.close();
  await expect(image.read(Buffer.alloc(1), 0, 1, 0)).rejects.toMatchObject({ code: 'UNREADABLE' });
});
