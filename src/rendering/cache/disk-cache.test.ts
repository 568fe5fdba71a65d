import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Rendition } from '../rendition';
import { DiskCache } from './disk-cache';

let root: string;
let warnings: string[];
let caches: DiskCache[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reso-cache-'));
  warnings = [];
  caches = [];
});
afterEach(async () => {
  await Promise.all(caches.map((one) => one.close()));
  rmSync(root, { recursive: true });
});

async function open({ folder = root, limit = 1e9, versions = '1' } = {}): Promise<DiskCache> {
  const onWarning = (message: string) => void warnings.push(message);
  const cache = await DiskCache.open({ root: folder, limit, versions, onWarning });
  caches.push(cache);
  return cache;
}

const key = (i: number) => hash('sha256', String(i));
const rendition = (bytes = 1000): Rendition => ({
  bytes: Buffer.alloc(bytes, 7),
  type: 'image/webp',
  width: 320,
  height: 213,
  thumbhash: 'aGFzaA==',
});

/** Files of entries, without those that are being written. */
function entries(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /renditions-\w+\/..\/\w{62}$/.test(path))
    .map((path) => join(root, path));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('what was put in comes out, of another process too', async () => {
  const cache = await open();
  await cache.put(key(1), rendition());
  for (const one of [cache, await open()]) expect(await one.get(key(1))).toEqual(rendition());
  expect(await cache.get(key(2))).toBeUndefined();
  expect(cache).toMatchObject({ hits: 1, misses: 1, size: 4096 });
});

test.each([
  ['cut', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['empty', () => Buffer.alloc(0)],
  ['longer', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)])],
  ['changed in its image', (bytes: Buffer) => (bytes.writeUInt8(1, bytes.length - 1), bytes)],
  ['changed in what it says of itself', (bytes: Buffer) => (bytes.writeUInt8(bytes[60]! ^ 1, 60), bytes)],
  ['of zeros', (bytes: Buffer) => bytes.fill(0)],
])('an entry that is %s is removed, and made anew', async (_, damage) => {
  const cache = await open();
  await cache.put(key(1), rendition());
  const [file] = entries();
  writeFileSync(file!, damage(readFileSync(file!)));
  expect(await cache.get(key(1))).toBeUndefined();
  expect(existsSync(file!)).toBe(false);
  await cache.put(key(1), rendition());
  expect(await cache.get(key(1))).toEqual(rendition());
});

test('an entry under the name of another is damaged', async () => {
  const cache = await open();
  await cache.put(key(1), rendition());
  const [file] = entries();
  const other = join(dirname(dirname(file!)), key(2).slice(0, 2), key(2).slice(2));
  mkdirSync(dirname(other), { recursive: true });
  writeFileSync(other, readFileSync(file!));
  expect(await cache.get(key(2))).toBeUndefined();
});

test('there are never many more bytes than the limit, and what was used last stays', async () => {
  const limit = 40 * 4096;
  const cache = await open({ limit });
  for (let i = 0; i < 30; i++) await cache.put(key(i), rendition());
  for (const [i, file] of entries().entries()) utimesSync(file, 1000 + i, 1000 + i);
  // Used now, for the first time in more than an hour.
  for (let i = 0; i < 5; i++) await cache.get(key(i));
  for (let i = 30; i < 60; i++) await cache.put(key(i), rendition());
  expect(cache.size).toBeLessThanOrEqual(limit);
  expect(entries().length * 4096).toBe(cache.size);
  for (let i = 0; i < 5; i++) expect(await cache.get(key(i))).toBeDefined();
});

test('what lay there before counts as well', async () => {
  const first = await open();
  for (let i = 0; i < 30; i++) await first.put(key(i), rendition());
  await first.close();
  await open({ limit: 20 * 4096 });
  await until(() => entries().length <= 20);
});

test('what is larger than all of it is not kept', async () => {
  const cache = await open({ limit: 10_000 });
  await cache.put(key(1), rendition(20_000));
  expect(entries()).toEqual([]);
});

test('at the start goes what another version or a killed process left, and nothing else', async () => {
  const old = await open({ versions: 'old' });
  await old.put(key(1), rendition());
  await old.close();
  const [oldFolder] = readdirSync(root);
  await (await open()).close();
  const folder = readdirSync(root).find((name) => name !== oldFolder)!;
  const unfinished = join(root, folder, 'new');
  writeFileSync(join(root, 'holiday.jpg'), '');
  mkdirSync(join(root, 'renditions'));
  for (const name of ['left', 'young']) writeFileSync(join(unfinished, name), '');
  utimesSync(join(unfinished, 'left'), 1000, 1000);
  await open();
  await until(() => !existsSync(join(unfinished, 'left')));
  expect(readdirSync(root).sort()).toEqual(['holiday.jpg', 'renditions', folder]);
  expect(readdirSync(unfinished)).toEqual(['young']);
});

test('no other user may read an entry', async () => {
  const cache = await open();
  await cache.put(key(1), rendition());
  await cache.put(key(2), rendition(1_000_000));
  expect(entries().map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
});

test('somebody empties it', async () => {
  const cache = await open();
  await cache.put(key(1), rendition());
  for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
  expect(await cache.get(key(1))).toBeUndefined();
  await cache.put(key(1), rendition());
  expect(await cache.get(key(1))).toBeDefined();
  expect(warnings).toEqual([]);
});

test('a folder that cannot be used is said once, and costs nothing else', async () => {
  const folder = join(root, 'file');
  writeFileSync(folder, '');
  const cache = await open({ folder });
  for (let i = 0; i < 3; i++) await cache.put(key(i), rendition());
  expect(await cache.get(key(1))).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining(folder)]);
});

test('where nothing more can be written, what is there is still given', async () => {
  const cache = await open();
  await cache.put(key(1), rendition());
  // In place of the folder for unfinished files, which even root can't write into then.
  const [unfinished = ''] = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('new'),
  );
  rmSync(join(root, unfinished), { recursive: true });
  writeFileSync(join(root, unfinished), '');
  await cache.put(key(2), rendition());
  expect(await cache.get(key(1))).toBeDefined();
  expect(await cache.get(key(2))).toBeUndefined();
  expect(warnings).toHaveLength(1);
});
