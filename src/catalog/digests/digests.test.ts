import { createHash } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolder, type StoredImage } from '../../stores';
import { TemporaryFolder } from '../../stores/fixtures/temporary-folder';
import type { Catalog, DigestQuery } from '../catalog';
import { openCatalog, type CatalogOptions } from '../store-catalog';

const BLOCK = 65_536;

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function blocksOf(bytes: Buffer): string[] {
  const blocks: string[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK) blocks.push(sha256(bytes.subarray(at, at + BLOCK)));
  return blocks;
}

let folder: TemporaryFolder;
let catalog: Catalog;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  catalog = await openHere();
});
afterEach(async () => {
  await catalog.close();
  await folder.remove();
});

async function openHere(
  warnings: string[] = [],
  state = folder.at('.state'),
  claimOf?: CatalogOptions['claimOf'],
): Promise<Catalog> {
  return openCatalog({
    claimOf,
    store: await openFolder(folder.path),
    state,
    onWarning: (text) => warnings.push(text),
  });
}

const ask = (query: Partial<DigestQuery> = {}) =>
  catalog.digests({ name: 'img.jpg', blockSize: BLOCK, first: 0, count: 0, ...query });

async function put(length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length, 'some bytes, ');
  for (let i = 0; i < length; i += BLOCK) bytes.writeUInt8((i / BLOCK) % 256, i);
  await folder.put('img.jpg', bytes);
  return bytes;
}

test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK, 20 * BLOCK + 7])('%d bytes', async (length) => {
  const bytes = await put(length);
  expect(await ask()).toMatchObject({ size: length, sha256: sha256(bytes), blocks: [] });
  expect((await ask({ count: 4096 })).blocks).toEqual(blocksOf(bytes));
});

test('some of the blocks, and beyond the end', async () => {
  const blocks = blocksOf(await put(5 * BLOCK + 1));
  expect((await ask({ first: 1, count: 2 })).blocks).toEqual(blocks.slice(1, 3));
  expect((await ask({ first: 5, count: 9 })).blocks).toEqual(blocks.slice(5));
  expect((await ask({ first: 6, count: 9 })).blocks).toEqual([]);
  await expect(ask({ first: 7, count: 1 })).rejects.toMatchObject({ code: 'BAD_RANGE' });
});

test('an image is read once, however many ask, and not again after that', async () => {
  await put(40 * BLOCK);
  const total = 40 * BLOCK;
  let finished = 0;
  const onProgress = (done: number) => void (done === total && finished++);
  await Promise.all([ask({ onProgress, count: 1 }), ask({ onProgress, count: 2 }), ask({ onProgress })]);
  expect(finished).toBe(3);
  await ask({ onProgress });
  await ask({ onProgress, count: 3 });
  expect(finished).toBe(3);
});

test('progress is told in bytes', async () => {
  await put(40 * BLOCK);
  const seen: [number, number][] = [];
  await ask({ onProgress: (done, total) => seen.push([done, total]) });
  expect(seen.at(-1)).toEqual([40 * BLOCK, 40 * BLOCK]);
  expect(seen.every(([done, total]) => done > 0 && done <= total)).toBe(true);
});

test('digests outlive the catalog, for exactly their version', async () => {
  const bytes = await put(3 * BLOCK);
  expect((await catalog.stat('img.jpg')).sha256).toBeUndefined();
  await ask({ count: 3 });
  await catalog.close();
  catalog = await openHere();
  let hasRead = false;
  const onProgress = () => (hasRead = true);
  expect((await catalog.stat('img.jpg')).sha256).toBe(sha256(bytes));
  expect((await catalog.list({ limit: 1 })).images[0]!.sha256).toBe(sha256(bytes));
  expect((await ask({ count: 3, onProgress })).blocks).toEqual(blocksOf(bytes));
  expect(hasRead).toBe(false);
  await appendFile(folder.at('img.jpg'), 'more');
  expect((await catalog.stat('img.jpg')).sha256).toBeUndefined();
  expect((await ask()).sha256).toBe(sha256(Buffer.concat([bytes, Buffer.from('more')])));
});

test('a digest that came with a delivery is kept, and leaves the blocks that are known in place', async () => {
  const bytes = await put(3 * BLOCK);
  await ask({ count: 3 });
  const { version } = await catalog.stat('img.jpg');
  catalog.rememberDigest('img.jpg', version, sha256(bytes));
  let hasRead = false;
  expect((await ask({ count: 3, onProgress: () => (hasRead = true) })).blocks).toHaveLength(3);
  expect(hasRead).toBe(false);
});

test('a digest that is claimed answers who checks it, nobody else, and nobody once the image has been read', async () => {
  const claimed = 'ab'.repeat(32);
  const bytes = await put(3 * BLOCK);
  await catalog.close();
  catalog = await openHere([], undefined, ({ size }) => (size === bytes.length ? claimed : undefined));
  const checked = { mayBeClaimed: true } as const;
  expect(await ask(checked)).toMatchObject({ sha256: claimed, isClaimed: true });
  expect((await catalog.stat('img.jpg')).sha256).toBeUndefined();
  expect((await catalog.list({ limit: 1 })).images[0]!.sha256).toBeUndefined();
  const image = await catalog.open('img.jpg');
  expect(image.sha256).toBeUndefined();
  await image.close();
  // Otherwise one image could pass for another where only the digest counts: in the cache of thumbnails.
  expect(await ask()).toMatchObject({ sha256: sha256(bytes), isClaimed: false });
  expect(await ask(checked)).toMatchObject({ sha256: sha256(bytes), isClaimed: false });
  expect((await catalog.stat('img.jpg')).sha256).toBe(sha256(bytes));
});

test('digests of blocks are never made of a claim', async () => {
  const bytes = await put(3 * BLOCK);
  await catalog.close();
  catalog = await openHere([], undefined, () => 'ab'.repeat(32));
  const found = await ask({ mayBeClaimed: true, count: 3 });
  expect(found).toMatchObject({ sha256: sha256(bytes), blocks: blocksOf(bytes) });
});

test('a version that is another: CHANGED', async () => {
  await put(10);
  await expect(ask({ version: 'another' })).rejects.toMatchObject({ code: 'CHANGED' });
});

test.each([
  ['grows', (path: string) => appendFile(path, 'more')],
  ['is overwritten', (path: string) => writeFile(path, Buffer.alloc(40 * BLOCK))],
  ['is cut', (path: string) => writeFile(path, '')],
])('an image that %s while it is hashed: CHANGED, and nothing is kept', async (_, change) => {
  await put(40 * BLOCK);
  let changing: Promise<void> | undefined;
  const onProgress = () => void (changing ??= change(folder.at('img.jpg')));
  await expect(ask({ onProgress })).rejects.toMatchObject({ code: 'CHANGED' });
  await changing;
  expect((await catalog.stat('img.jpg')).sha256).toBeUndefined();
});

test('who cancels gets CANCELLED, and who asked for the same gets the digest', async () => {
  const bytes = await put(100 * BLOCK);
  const abort = new AbortController();
  const cancelled = ask({ signal: abort.signal, onProgress: () => abort.abort() });
  const other = ask();
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  expect((await other).sha256).toBe(sha256(bytes));
});

test('reading stops when nobody waits any more, and begins anew for the next who asks', async () => {
  const bytes = await put(400 * BLOCK);
  await catalog.close();
  const store = await openFolder(folder.path);
  catalog = await openCatalog({ store });
  const opened = jest.spyOn(store, 'open');
  const lastOpened = async () => {
    const image = (await opened.mock.results.at(-1)!.value) as StoredImage;
    return { read: jest.spyOn(image, 'read'), close: jest.spyOn(image, 'close') };
  };
  const abort = new AbortController();
  let reading: ReturnType<typeof lastOpened> | undefined;
  const onProgress = () => {
    reading ??= lastOpened();
    abort.abort();
  };
  await expect(ask({ signal: abort.signal, onProgress })).rejects.toMatchObject({ code: 'CANCELLED' });
  const { read, close } = await reading!;
  while (close.mock.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(read.mock.calls.length).toBeLessThan(10);
  expect((await ask()).sha256).toBe(sha256(bytes));
});

test.each([
  ['is a file', (path: string) => writeFile(path, '')],
  [
    'holds something else',
    async (path: string) =>
      folder.put(join(path, 'catalog.lmdb').slice(folder.path.length + 1), 'x'.repeat(9999)),
  ],
])('a state folder that %s: in memory, with one warning', async (_, spoil) => {
  await catalog.close();
  await spoil(folder.at('.spoilt'));
  const warnings: string[] = [];
  catalog = await openHere(warnings, folder.at('.spoilt'));
  const bytes = await put(10);
  expect((await ask()).sha256).toBe(sha256(bytes));
  expect((await catalog.stat('img.jpg')).sha256).toBe(sha256(bytes));
  expect(warnings).toEqual([expect.stringContaining(folder.at('.spoilt'))]);
});

test('a digest that comes after closing is let go', async () => {
  await put(10);
  const { version } = await catalog.stat('img.jpg');
  await catalog.close();
  catalog.rememberDigest('img.jpg', version, 'a'.repeat(64));
  await expect(catalog.stat('img.jpg')).resolves.toMatchObject({ size: 10 });
  await catalog.close();
});

test('two catalogs may share a state folder', async () => {
  const other = await openHere();
  const bytes = await put(10);
  await ask();
  await catalog.close();
  catalog = await openHere();
  expect((await other.stat('img.jpg')).sha256).toBe(sha256(bytes));
  await other.close();
});
