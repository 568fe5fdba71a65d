import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  connect,
  serve,
  type ConnectOptions,
  type ServeHandle,
  type SyncOptions,
  type SyncSummary,
} from '../../../index';
import { FaultProxy } from '../../../testing/fault-proxy';
import { newOwnerId } from '../../disk/owner';
import type { SyncResult } from './options';

let base: string;
let images: string;
let output: string;
let server: ServeHandle;
let proxy: FaultProxy;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  output = join(base, 'out');
  await mkdir(images);
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
  proxy = await FaultProxy.start({ port: server.port });
});

afterEach(async () => {
  await proxy.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(folder: string, name: string, bytes: Buffer | string = randomBytes(100)): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), bytes);
}

interface Synced extends SyncSummary {
  readonly results: Record<string, SyncResult>;
  /** Bytes that the server sent, all told. */
  readonly sent: number;
}

/** A list may be a second old. */
const refreshed = () => new Promise((resolve) => setTimeout(resolve, 1100));

async function sync(options: SyncOptions = {}, connecting: ConnectOptions = {}): Promise<Synced> {
  const client = connect({ port: proxy.port, ...connecting });
  const results: Record<string, SyncResult> = {};
  const before = proxy.bytes;
  try {
    const onResult = (result: SyncResult) => void (results[result.name] = result);
    const summary = await client.sync(output, { onResult, ...options });
    return { ...summary, results, sent: proxy.bytes - before };
  } finally {
    client.close();
  }
}

const outcomes = ({ results }: Synced) =>
  Object.fromEntries(Object.values(results).map(({ name, outcome }) => [name, outcome]));
const local = (name: string) => readFile(join(output, name), 'utf8');
const index = () => join(output, '.reso/index');

test('a second sync moves no image bytes and reads no file, nothing but the list', async () => {
  for (let i = 0; i < 50; i++) await put(images, `d${i % 3}/${i}.jpg`, randomBytes(10_000));
  expect(await sync()).toMatchObject({ downloaded: 50, failed: 0, bytesReceived: 500_000 });
  expect(await readdir(join(output, '.reso'))).toEqual(['index', 'index-of']);
  const before = await stat(index());
  const atimes = await Promise.all([0, 1, 2].map((i) => stat(join(output, `d${i}/${i}.jpg`))));
  const again = await sync();
  expect(again).toMatchObject({ downloaded: 0, identical: 50, bytesReceived: 0 });
  expect(Object.values(again.results).map(({ attempts }) => attempts)).toEqual(Array(50).fill(0));
  // One page of 50 entries, and no answer to anything else.
  expect(again.sent).toBeLessThan(50 * 320 + 1000);
  expect((await stat(index())).mtimeMs).toBe(before.mtimeMs);
  const after = await Promise.all([0, 1, 2].map((i) => stat(join(output, `d${i}/${i}.jpg`))));
  expect(after.map(({ atimeMs }) => atimeMs)).toEqual(atimes.map(({ atimeMs }) => atimeMs));
});

test('what was changed, added or removed on the server, and what was changed or deleted here', async () => {
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg']) await put(images, name, name);
  await sync();
  await put(images, 'a.jpg', 'A.jpg');
  await put(images, 'f/g.jpg', 'new');
  await rm(join(images, 'b.jpg'));
  await put(output, 'c.jpg', 'edited here');
  await rm(join(output, 'd.jpg'));
  await refreshed();
  const second = await sync();
  expect(outcomes(second)).toEqual({
    'a.jpg': 'downloaded',
    'c.jpg': 'downloaded',
    'd.jpg': 'downloaded',
    'e.jpg': 'identical',
    'f/g.jpg': 'downloaded',
  });
  const replaced = Object.values(second.results).filter((one) => one.replaced);
  expect(replaced.map(({ name }) => name).sort()).toEqual(['a.jpg', 'c.jpg']);
  expect(second).toMatchObject({ downloaded: 4, replaced: 2 });
  expect([await local('a.jpg'), await local('b.jpg'), await local('c.jpg')]).toEqual([
    'A.jpg',
    'b.jpg',
    'c.jpg',
  ]);
});

test('an edit that keeps size and time does not pass', async () => {
  await put(images, 'a.jpg', 'original');
  await sync();
  const { atime, mtime } = await stat(join(output, 'a.jpg'));
  await put(output, 'a.jpg', 'tampered');
  await utimes(join(output, 'a.jpg'), atime, mtime);
  expect(await sync()).toMatchObject({ downloaded: 1 });
  expect(await local('a.jpg')).toBe('original');
});

test('files that are there already are proven once, and then vouched for', async () => {
  await put(images, 'a.jpg', 'same');
  await put(output, 'a.jpg', 'same');
  await new Promise((resolve) => setTimeout(resolve, 50));
  await using some = await open(join(output, 'a.jpg'));
  const reads = jest.spyOn(Object.getPrototypeOf(some) as FileHandle, 'read');
  try {
    expect(await sync()).toMatchObject({ identical: 1, bytesReceived: 0 });
    expect(reads).toHaveBeenCalled();
    expect(await readFile(index(), 'utf8')).toContain('a.jpg');
    reads.mockClear();
    expect(await sync()).toMatchObject({ identical: 1, bytesReceived: 0 });
    expect(reads).not.toHaveBeenCalled();
  } finally {
    reads.mockRestore();
  }
});

test.each<[string, (text: string) => string]>([
  ['garbage', () => '\0\xff'.repeat(5000)],
  ['cut', (text) => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  ['a digest that lies', (text) => text.replace(/[0-9a-f]{64}/, 'f'.repeat(64))],
  ['another name', (text) => text.replace('a.jpg', 'b.jpg')],
])('a damaged index is not trusted, and made anew: %s', async (_, damage) => {
  await put(images, 'a.jpg', 'one');
  await put(images, 'c.jpg', 'two');
  await sync();
  const text = await readFile(index(), 'utf8');
  await writeFile(index(), damage(text));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const again = await sync();
  expect(again).toMatchObject({ identical: 2, downloaded: 0, failed: 0 });
  expect(again.results['a.jpg']!.sha256).toMatch(
    /^7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed$/,
  );
  expect(await readFile(index(), 'utf8')).toBe(text);
});

test('a sync that was cut off is taken up where it was', async () => {
  for (let i = 0; i < 40; i++) await put(images, `${i}.jpg`, randomBytes(50_000));
  proxy.cutAfter(500_000);
  const first = await sync({}, { retries: 0, connections: 1 });
  expect(first.failed).toBeGreaterThan(0);
  const second = await sync();
  expect(second.failed).toBe(0);
  expect(second.identical).toBe(first.downloaded);
  expect(first.bytesReceived + second.bytesReceived).toBeLessThan(2_000_000 + 1_000_000);
  expect(await readdir(join(output, '.reso'))).toEqual(['index', 'index-of']);
});

test('what a killed sync had noted is used', async () => {
  await put(images, 'a.jpg', 'one');
  await sync();
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).slice(0, 8);
  await rename(index(), join(output, `.reso/index.${boot}-0123456789abcdef.log`));
  await put(output, `.reso/index.${boot}-0123456789abcdef.run0`, 'rubbish');
  const again = await sync();
  expect(again.results['a.jpg']).toMatchObject({ outcome: 'identical', attempts: 0 });
  expect(await readdir(join(output, '.reso'))).toEqual(['index', 'index-of']);
  expect((await sync()).sent).toBeLessThan(again.sent + 1);
});

test('--include and --exclude', async () => {
  for (const name of ['a/1.jpg', 'a/2.png', 'b/1.jpg', 'c.jpg']) await put(images, name);
  expect(outcomes(await sync({ include: ['a', 'c*'], exclude: ['**/*.png'] }))).toEqual({
    'a/1.jpg': 'downloaded',
    'c.jpg': 'downloaded',
  });
  await expect(sync({ include: ['['] })).rejects.toMatchObject({ code: 'USAGE' });
});

test('a change of time alone on the server reaches the copy, and no bytes come', async () => {
  const times = async () =>
    Promise.all(['a.jpg', 'd/b.jpg'].map(async (name) => (await stat(join(output, name))).mtimeMs));
  for (const name of ['a.jpg', 'd/b.jpg']) await put(images, name, name);
  await sync();
  await utimes(join(images, 'a.jpg'), 1_000_000_000, 1_000_000_000.5);
  await utimes(join(images, 'd/b.jpg'), 1_000_000_000, 1_600_000_000);
  await refreshed();
  const before = await times();
  expect(outcomes(await sync({ dryRun: true }))).toEqual({ 'a.jpg': 'identical', 'd/b.jpg': 'identical' });
  expect(await times()).toEqual(before);
  expect(await sync()).toMatchObject({ identical: 2, downloaded: 0, bytesReceived: 0 });
  expect(await times()).toEqual([1_000_000_000_500, 1_600_000_000_000]);
  const { sent } = await sync();
  // Both are known by now.
  expect(sent).toBeLessThan(1000);
  // By its digest, which the list has by now, the index vouches for it.
  await utimes(join(images, 'a.jpg'), 1, 1_700_000_000);
  const client = connect({ port: server.port });
  await client.digests('a.jpg');
  client.close();
  await refreshed();
  expect(await sync()).toMatchObject({ identical: 2, bytesReceived: 0 });
  expect(await times()).toEqual([1_700_000_000_000, 1_600_000_000_000]);
  await utimes(join(output, 'a.jpg'), 1, 1);
  expect(await sync()).toMatchObject({ identical: 2, bytesReceived: 0 });
  expect(await times()).toEqual([1_700_000_000_000, 1_600_000_000_000]);
});

test('--dry-run writes nothing', async () => {
  await put(images, 'a.jpg', 'one');
  expect(outcomes(await sync({ dryRun: true, delete: true }))).toEqual({ 'a.jpg': 'downloaded' });
  expect(existsSync(output)).toBe(false);
  await put(output, 'a.jpg', 'one');
  expect(outcomes(await sync({ dryRun: true }))).toEqual({ 'a.jpg': 'identical' });
  expect(await readdir(output)).toEqual(['a.jpg']);
});

test('--dry-run tells new from replaced, and leaves alone what a run that died has left', async () => {
  await put(images, 'a.jpg', 'one');
  await put(images, 'b.jpg', 'two');
  await put(output, 'a.jpg', 'another');
  const left = `.reso/${newOwnerId()}.sock`;
  await put(output, left, '');
  const { results } = await sync({ dryRun: true });
  expect(results).toMatchObject({ 'a.jpg': { replaced: true }, 'b.jpg': { replaced: false } });
  expect(existsSync(join(output, left))).toBe(true);
  await sync();
  expect(existsSync(join(output, left))).toBe(false);
});

describe('with delete', () => {
  const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd/e.jpg', 'd/f.jpg', 'g/h.jpg'];
  beforeEach(async () => {
    for (const name of names) await put(images, name, name);
    await sync();
  });

  test('what a sync brought goes, with folders that are empty then; the rest is named and kept', async () => {
    await rm(join(images, 'a.jpg'));
    await rm(join(images, 'b.jpg'));
    await rm(join(images, 'g'), { recursive: true });
    await appendFile(join(output, 'b.jpg'), 'edited');
    await put(output, 'mine.jpg', 'mine');
    await put(output, '.hidden', 'mine');
    await refreshed();
    const planned = await sync({ delete: true, dryRun: true });
    const done = await sync({ delete: true });
    expect(outcomes(planned)).toEqual(outcomes(done));
    expect(outcomes(done)).toEqual({
      'a.jpg': 'deleted',
      'b.jpg': 'kept',
      'c.jpg': 'identical',
      'd/e.jpg': 'identical',
      'd/f.jpg': 'identical',
      'g/h.jpg': 'deleted',
      'mine.jpg': 'kept',
    });
    expect(done).toMatchObject({ deleted: 2, kept: 2, failed: 0 });
    expect((await readdir(output)).sort()).toEqual(['.hidden', '.reso', 'b.jpg', 'c.jpg', 'd', 'mine.jpg']);
    expect(await sync({ delete: true, force: true })).toMatchObject({ deleted: 2, kept: 0 });
    expect((await readdir(output)).sort()).toEqual(['.hidden', '.reso', 'c.jpg', 'd']);
  });

  test('an empty list, or more than half of the files, is refused', async () => {
    for (const name of names.slice(0, 4)) await rm(join(images, name));
    await refreshed();
    await expect(sync({ delete: true })).rejects.toMatchObject({ code: 'TOO_MANY_GONE' });
    await rm(join(images, 'd'), { recursive: true });
    await rm(join(images, 'g'), { recursive: true });
    await refreshed();
    await expect(sync({ delete: true })).rejects.toMatchObject({ code: 'TOO_MANY_GONE' });
    for (const name of names) expect(await local(name)).toBe(name);
    expect(await sync({ delete: true, force: true })).toMatchObject({ deleted: 6 });
    expect(await readdir(output)).toEqual(['.reso']);
  });

  test('what is excluded stays', async () => {
    await rm(join(images, 'a.jpg'));
    await refreshed();
    expect(await sync({ delete: true, exclude: ['a*'] })).toMatchObject({ deleted: 0, kept: 0 });
    expect(await local('a.jpg')).toBe('a.jpg');
    expect(await sync({ delete: true })).toMatchObject({ deleted: 1 });
  });
});

test('nothing is made for a server that nobody reaches', async () => {
  await server.close({ grace: 0 });
  await expect(sync({}, { retries: 0 })).rejects.toMatchObject({
    code: expect.stringMatching(/UNREACHABLE|DISCONNECTED/),
  });
  expect(existsSync(output)).toBe(false);
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
});

describe("where the index is the list of the server's present state", () => {
  /** Bytes of a page with all of them would be many more. */
  const LITTLE = 600;

  beforeEach(async () => {
    for (let i = 0; i < 200; i++) await put(images, `folder/${i}.jpg`);
    await sync();
  });

  test('no list is sent', async () => {
    const again = await sync();
    expect(again).toMatchObject({ identical: 200, downloaded: 0 });
    expect(again.sent).toBeLessThan(LITTLE);
    expect(Object.keys(again.results)).toHaveLength(200);
  });

  test('files that are missing or were changed here are brought', async () => {
    await rm(join(output, 'folder/7.jpg'));
    await appendFile(join(output, 'folder/8.jpg'), '!');
    expect(await sync()).toMatchObject({ identical: 198, downloaded: 2 });
    expect(await readFile(join(output, 'folder/8.jpg'))).toEqual(
      await readFile(join(images, 'folder/8.jpg')),
    );
    expect((await sync()).sent).toBeLessThan(LITTLE);
  });

  test('what changes on the server is listed again', async () => {
    await put(images, 'folder/7.jpg', 'another');
    await put(images, 'new.jpg');
    await rm(join(images, 'folder/8.jpg'));
    expect(await sync()).toMatchObject({ identical: 198, downloaded: 2, deleted: 0 });
    // One file too many is known here: the index is not the list.
    expect((await sync()).sent).toBeGreaterThan(LITTLE);
    expect(await sync({ delete: true })).toMatchObject({ identical: 200, deleted: 1 });
    await sync();
    expect((await sync()).sent).toBeLessThan(LITTLE);
  });

  test('--delete goes by it as well', async () => {
    await put(output, 'folder/strange.jpg');
    expect(await sync({ delete: true })).toMatchObject({ identical: 200, deleted: 0, kept: 1 });
    expect(await sync({ delete: true, force: true })).toMatchObject({ identical: 200, deleted: 1 });
    expect(existsSync(join(output, 'folder/strange.jpg'))).toBe(false);
  });

  test('a part of it is not taken for the whole', async () => {
    expect((await sync({ include: ['folder/1*.jpg'] })).sent).toBeGreaterThan(LITTLE);
    expect((await sync()).sent).toBeLessThan(LITTLE);
  });

  test('an index that was written by another since is not trusted to be the list', async () => {
    await writeFile(join(output, '.reso/index'), await readFile(join(output, '.reso/index')));
    expect((await sync()).sent).toBeGreaterThan(LITTLE);
  });
});
