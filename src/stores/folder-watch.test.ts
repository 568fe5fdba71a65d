import { appendFile, chmod, mkdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { FolderStore } from './folder-store';
import { TemporaryFolder } from './fixtures/temporary-folder';

let folder: TemporaryFolder;
let store: FolderStore;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  await folder.put('a/b/image.jpg', 'image');
  await folder.put('other.jpg', 'image');
  store = new FolderStore(folder.path);
  await scan();
});
afterEach(async () => {
  store.close();
  await folder.remove();
});

async function scan(): Promise<string[]> {
  const names: string[] = [];
  for await (const batch of store.scan().batches) names.push(...batch.map(({ name }) => name));
  return names;
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test.each<[string, () => Promise<unknown>]>([
  ['written to', () => appendFile(folder.at('a/b/image.jpg'), 'x')],
  ['cut', () => truncate(folder.at('a/b/image.jpg'), 1)],
  ['touched', () => utimes(folder.at('a/b/image.jpg'), 1, 1)],
  ['closed to readers', () => chmod(folder.at('a/b/image.jpg'), 0)],
  ['deleted', () => rm(folder.at('a/b/image.jpg'))],
  ['replaced', () => rename(folder.at('other.jpg'), folder.at('a/b/image.jpg'))],
])('that an image is %s is noticed', async (_, change) => {
  const before = store.changes!;
  expect(before).toBeGreaterThanOrEqual(0);
  await change();
  while (store.changes === before) await turn();
});

test('new folders are noticed, and what is in them once they were looked at', async () => {
  let before = store.changes!;
  await mkdir(folder.at('a/new'));
  while (store.changes === before) await turn();
  await scan();
  before = store.changes!;
  await writeFile(folder.at('a/new/image.jpg'), 'image');
  while (store.changes === before) await turn();
});

test('a folder that takes the place of another is the one that is watched', async () => {
  await mkdir(folder.at('.hidden'));
  await writeFile(folder.at('.hidden/image.jpg'), 'image');
  await rename(folder.at('a/b'), folder.at('.old'));
  await rename(folder.at('.hidden'), folder.at('a/b'));
  expect(await scan()).toContain('a/b/image.jpg');
  await turn();
  let before = store.changes!;
  await appendFile(folder.at('a/b/image.jpg'), 'x');
  while (store.changes === before) await turn();
  before = store.changes!;
  await appendFile(folder.at('.old/image.jpg'), 'x');
  await appendFile(folder.at('a/b/image.jpg'), 'x');
  while (store.changes === before) await turn();
});

test("where it can't be relied upon it says so", async () => {
  // In proc(5) nothing is told.
  const other = new FolderStore('/proc/sys/kernel');
  for await (const batch of other.scan().batches)
    expect(batch.filter(({ unreadable }) => unreadable === undefined)).toEqual([]);
  expect(other.changes).toBeUndefined();
  store.close();
  expect(store.changes).toBeUndefined();
});
