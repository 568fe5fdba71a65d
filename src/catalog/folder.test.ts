import { openFolder } from '../stores';
import { TemporaryFolder } from '../stores/fixtures/temporary-folder';
import type { Catalog, FolderQuery } from './catalog';
import { openCatalog } from './store-catalog';

const NAMES = [
  'a.jpg',
  'b-c/x.jpg',
  'b/c/d.jpg',
  'b/c/e.jpg',
  'b/f.jpg',
  'b.jpg',
  'b/g/h.jpg',
  'z/y/x/w.jpg',
];

let folder: TemporaryFolder;
let catalog: Catalog;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  for (const name of NAMES) await folder.put(name, name);
  catalog = await openCatalog({ store: await openFolder(folder.path) });
});
afterEach(async () => {
  await catalog.close();
  await folder.remove();
});

async function look(path: string, query: Partial<FolderQuery> = {}) {
  const { folders, images, next } = await catalog.folder({ path, limit: 100, ...query });
  return { folders, images: images.map(({ name }) => name), next };
}

test.each([
  ['', ['b-c', 'b', 'z'], ['a.jpg', 'b.jpg']],
  ['b', ['c', 'g'], ['b/f.jpg']],
  ['b/c', [], ['b/c/d.jpg', 'b/c/e.jpg']],
  ['z/y', ['x'], []],
  ['b-', [], []],
  ['none', [], []],
  ['a.jpg', [], []],
])('what lies directly in %j', async (path, folders, images) => {
  expect(await look(path)).toEqual({ folders, images, next: undefined });
});

test('page by page it is the same', async () => {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await look('', { limit: 1, after });
    seen.push(...page.folders, ...page.images);
    after = page.next;
  } while (after !== undefined);
  expect(seen).toEqual(['a.jpg', 'b-c', 'b.jpg', 'b', 'z']);
});

test('a folder in which nothing may be read is not there', async () => {
  const mayRead = (name: string) => name.startsWith('b/g/');
  expect(await look('', { mayRead })).toMatchObject({ folders: ['b'], images: [] });
  expect(await look('b', { mayRead })).toMatchObject({ folders: ['g'], images: [] });
});

test('a folder that may not be entered is not looked into', async () => {
  const mayRead = jest.fn(() => false);
  const query = { mayRead, mayEnter: (path: string) => path !== 'b' };
  expect(await look('b', query)).toEqual({ folders: [], images: [], next: undefined });
  expect(mayRead).not.toHaveBeenCalled();
  await look('z', query);
  expect(mayRead).toHaveBeenCalledTimes(1);
});
