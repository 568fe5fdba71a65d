import { createHash } from 'node:crypto';
import { openFolder, type StoredImage } from '../stores';
import { TemporaryFolder } from '../stores/fixtures/temporary-folder';
import { Activity } from './activity';
import type { Catalog } from './catalog';
import { openCatalog, type CatalogOptions } from './store-catalog';

let folder: TemporaryFolder;
let catalog: Catalog;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await catalog.close();
  await folder.remove();
});

async function openHere(options: Partial<CatalogOptions> = {}): Promise<Catalog> {
  const store = await openFolder(folder.path);
  return openCatalog({ store, state: folder.at('.state'), hashesAll: true, ...options });
}

const digestOf = async (name: string) => (await catalog.stat(name)).sha256;
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

async function untilKnown(name: string): Promise<string> {
  for (;;) {
    const sha256 = await digestOf(name);
    if (sha256 !== undefined) return sha256;
    await turn();
  }
}

test('digests of all images come to be known, although nobody asks', async () => {
  await Promise.all(['a.jpg', 'b/c.png', 'd.gif'].map((name) => folder.put(name, name)));
  catalog = await openHere();
  for (const name of ['a.jpg', 'b/c.png', 'd.gif']) {
    expect(await untilKnown(name)).toBe(createHash('sha256').update(name).digest('hex'));
  }
});

test('an image with a claimed digest is not read for it', async () => {
  await Promise.all(['a.jpg', 'b.jpg', 'c.jpg'].map((name) => folder.put(name, name)));
  catalog = await openHere({ claimOf: ({ name }) => (name === 'b.jpg' ? 'ab'.repeat(32) : undefined) });
  await untilKnown('a.jpg');
  await untilKnown('c.jpg');
  expect(await digestOf('b.jpg')).toBeUndefined();
});

test('while somebody is served none is computed, but one that is asked for is', async () => {
  await folder.put('a.jpg', 'one');
  await folder.put('b.jpg', 'two');
  catalog = await openHere();
  const image = await catalog.open('a.jpg');
  await folder.put('c.jpg', Buffer.alloc(4_000_000, 'three'));
  const { sha256 } = await catalog.digests({ name: 'c.jpg', blockSize: 65_536, first: 0, count: 0 });
  expect(sha256).toHaveLength(64);
  expect(await digestOf('b.jpg')).toBeUndefined();
  await image.close();
  await untilKnown('b.jpg');
});

test('none is computed while a long list is being read', async () => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  await folder.put('a.jpg', 'one');
  await folder.put('b.jpg', 'two');
  catalog = await openHere();
  catalog.readAtOnce('a.jpg', Buffer.alloc(10));
  // When the page is complete, the image no longer counts, but the page does.
  const slowly = () => (now += 250) > 0;
  await catalog.list({ limit: 1, after: 'a.jpg', mayRead: slowly });
  const looks = jest.spyOn(Activity.prototype, 'isBusy', 'get');
  while (looks.mock.results.filter(({ value }) => value === true).length < 3) await turn();
  expect(await digestOf('b.jpg')).toBeUndefined();
  now += 1000;
  await untilKnown('b.jpg');
});

test('closing does not wait for the rest', async () => {
  await folder.put('a.jpg', Buffer.alloc(64_000_000));
  const store = await openFolder(folder.path);
  const opened = jest.spyOn(store, 'open');
  catalog = await openHere({ store });
  while (opened.mock.results.length === 0) await turn();
  const read = jest.spyOn((await opened.mock.results[0]!.value) as StoredImage, 'read');
  while (read.mock.calls.length === 0) await turn();
  await catalog.close();
  // Half a MiB each.
  expect(read.mock.calls.length).toBeLessThan(120);
  await expect(catalog.stat('a.jpg')).resolves.toMatchObject({ sha256: undefined });
});
