import { unlink, writeFile } from 'node:fs/promises';
import { openFolder } from '../stores';
import { TemporaryFolder } from '../stores/fixtures/temporary-folder';
import type { Catalog, ListQuery } from './catalog';
import { openCatalog } from './store-catalog';

let folder: TemporaryFolder;
let catalog: Catalog;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  catalog = await openCatalog({ store: await openFolder(folder.path) });
});
afterEach(async () => {
  await catalog.close();
  await folder.remove();
});

async function listAll(query: Partial<ListQuery> = {}) {
  const names: string[] = [];
  const generations = new Set<string>();
  let pages = 0;
  for (let after: string | undefined; ; pages++) {
    const page = await catalog.list({ limit: 1000, ...query, after });
    names.push(...page.images.map((image) => image.name));
    generations.add(page.generation);
    if (page.next === undefined) return { names, generations, pages: pages + 1 };
    after = page.next;
  }
}

const put = (...names: string[]) => Promise.all(names.map((name) => folder.put(name, name)));

test('names come in the order of their UTF-8 bytes, not of folders or of UTF-16', async () => {
  await put(
    'a/b.jpg',
    'a.jpg',
    'a-b.jpg',
    'B.jpg',
    'é.jpg',
    '\u{1f600}.jpg',
    '\uff5e.jpg',
    'a/a/z.jpg',
    'a b.jpg',
  );
  const { names } = await listAll();
  const inOrder = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(names).toEqual(inOrder);
  expect(names).toHaveLength(9);
  expect(names.indexOf('\uff5e.jpg')).toBeLessThan(names.indexOf('\u{1f600}.jpg'));
});

test.each([1, 2, 3, 7, 1000])('pages of %d make up the whole list, once each', async (limit) => {
  await put(...Array.from({ length: 20 }, (_, i) => `${i}.jpg`));
  const { names, generations, pages } = await listAll({ limit });
  expect(new Set(names).size).toBe(20);
  expect(names).toHaveLength(20);
  expect(generations.size).toBe(1);
  expect(pages).toBe(Math.ceil(20 / limit));
});

test('an empty folder is one empty page', async () => {
  const page = await catalog.list({ limit: 10 });
  expect(page.images).toEqual([]);
  expect(page.next).toBeUndefined();
});

test('nothing shows that there is more behind the last image that may be read', async () => {
  await put('a/1.jpg', 'a/2.jpg', 'b/3.jpg', 'b/c/4.jpg', 'd.jpg');
  const mayRead = (name: string) => name.startsWith('a/');
  const mayEnter = (path: string) => path === '' || path === 'a';
  for (const query of [{ mayRead }, { mayRead, mayEnter }]) {
    const page = await catalog.list({ ...query, view: 'a', limit: 2 });
    expect(page.images.map(({ name }) => name)).toEqual(['a/1.jpg', 'a/2.jpg']);
    expect(page.next).toBeUndefined();
    expect((await listAll({ ...query, view: 'a', limit: 1 })).names).toEqual(['a/1.jpg', 'a/2.jpg']);
  }
});

test('globs narrow the list', async () => {
  await put('a.jpg', 'b.png', 'sub/a.jpg', 'sub/deep/a.jpg');
  expect((await listAll({ globs: ['*.jpg'] })).names).toEqual(['a.jpg']);
  expect((await listAll({ globs: ['**/a.jpg', 'b.*'] })).names).toEqual([
    'a.jpg',
    'b.png',
    'sub/a.jpg',
    'sub/deep/a.jpg',
  ]);
  expect((await listAll({ globs: ['nothing'] })).names).toEqual([]);
});

test('a page goes on behind a name that is not there (any more)', async () => {
  await put('a.jpg', 'b.jpg', 'c.jpg');
  const { next } = await catalog.list({ limit: 2 });
  await unlink(folder.at('b.jpg'));
  expect((await catalog.list({ limit: 2, after: next })).images.map((image) => image.name)).toEqual([
    'c.jpg',
  ]);
  expect((await catalog.list({ limit: 2, after: 'aaa' })).images.map((image) => image.name)).toEqual([
    'b.jpg',
    'c.jpg',
  ]);
});

test('what was put there before a list was asked for is on it, also right behind another list', async () => {
  for (let i = 0; i < 20; i++) {
    await put(`${i}.jpg`);
    const [list] = await Promise.all([listAll(), listAll()]);
    expect(list.names).toHaveLength(i + 1);
  }
});

test('the generation changes when an image does, and only then', async () => {
  const generation = async () => (await catalog.list({ limit: 1 })).generation;
  await put('a.jpg', 'b.jpg');
  const first = await generation();
  expect(await generation()).toBe(first);
  await writeFile(folder.at('a.jpg'), 'other');
  const second = await generation();
  expect(second).not.toBe(first);
  await unlink(folder.at('b.jpg'));
  expect(await generation()).not.toBe(second);
});

test('a page of the longest names stays below what a frame may hold', async () => {
  const names = Array.from({ length: 400 }, (_, i) => {
    const folders = Array.from({ length: 3 }, () => '\u0001'.repeat(250)).join('/');
    return `${folders}/${'\u0001'.repeat(200)}${String(i).padStart(3, '0')}.jpg`;
  });
  await put(...names);
  const page = await catalog.list({ limit: 1000 });
  expect(JSON.stringify(page).length).toBeLessThan(262_144);
  expect((await listAll()).names).toEqual(names);
});

test('costly globs hold nobody up for long', async () => {
  await put(...Array.from({ length: 300 }, (_, i) => `${'a'.repeat(200)}${i}.jpg`));
  const globs = Array.from({ length: 64 }, () => `${'*a'.repeat(100)}b`);
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  const page = await catalog.list({ limit: 1000, globs });
  clearInterval(timer);
  expect(page.images).toEqual([]);
  expect(page.next).toBeDefined();
  expect(longest).toBeLessThan(500);
});

test('a list that is cancelled ends at once', async () => {
  await put('a.jpg', 'b.jpg');
  await expect(catalog.list({ limit: 10, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});

test('the survey counts', async () => {
  await put('a.jpg', 'b/c.jpg', '.hidden', 'text.txt');
  expect(await catalog.survey()).toMatchObject({ images: 2, bytes: 12, leftOut: { hidden: 1, notImage: 1 } });
});

test('the work of a list ends when it is cancelled', async () => {
  const names = Array.from({ length: 200 }, (_, i) => `${'a'.repeat(190)}${i}.jpg`);
  await put(...names);
  const globs = Array.from({ length: 16 }, (_, i) => `${'{**a,*a}'.repeat(6)}${'**a'.repeat(320)}**b${i}`);
  const abort = new AbortController();
  const page = catalog.list({ globs, limit: 1000, signal: abort.signal });
  // Once it works on it, it gives way to others again and again.
  let turns = 0;
  const counting = setInterval(() => ++turns === 5 && abort.abort(), 1);
  await expect(page).rejects.toMatchObject({ code: 'CANCELLED' });
  clearInterval(counting);
});

test('images by their names, as the list has them, without a look at them', async () => {
  await put('a.jpg', 'b/c.jpg', 'd.jpg');
  await catalog.list({ limit: 1 });
  await unlink(`${folder.path}/d.jpg`);
  const [c, none, d, a] = await catalog.listed(['b/c.jpg', 'none.jpg', 'd.jpg', 'a.jpg']);
  expect([c?.name, none, d?.name, a?.name]).toEqual(['b/c.jpg', undefined, 'd.jpg', 'a.jpg']);
  expect(c).toEqual(await catalog.stat('b/c.jpg'));
});
