import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  connect,
  openLock,
  serve,
  type ServeHandle,
  type SyncOptions,
  type SyncSummary,
} from '../../../index';
import { FaultProxy } from '../../../testing/fault-proxy';
import type { Lock } from '../../../lock';
import type { SyncResult } from './options';

const NAMES = ['a.jpg', 'b.jpg', 'c.jpg', 'd/e.jpg', 'd/f.jpg'];

let base: string;
let images: string;
let output: string;
let server: ServeHandle;
let proxy: FaultProxy;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  output = join(base, 'out');
  for (const name of NAMES) await put(images, name, name);
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
  proxy = await FaultProxy.start({ port: server.port });
});

afterEach(async () => {
  await proxy.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(folder: string, name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

/** What the server has now, as a lock file. */
async function lockNow(globs?: readonly string[]): Promise<Lock> {
  const client = connect({ port: server.port });
  try {
    let text = '';
    for await (const piece of client.lock({ globs })) text += piece;
    const path = join(base, 'images.lock');
    await writeFile(path, text);
    return await openLock(path);
  } finally {
    client.close();
  }
}

interface Synced extends SyncSummary {
  readonly results: Record<string, SyncResult>;
  /** Bytes that the server sent, all told. */
  readonly sent: number;
}

async function sync(options: SyncOptions = {}): Promise<Synced> {
  const client = connect({ port: proxy.port });
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

/** A list may be a second old, and a file that was written just now is not vouched for. */
const refreshed = () => new Promise((resolve) => setTimeout(resolve, 1100));

const outcomes = ({ results }: Synced) =>
  Object.fromEntries(Object.values(results).map(({ name, outcome }) => [name, outcome]));
const local = (name: string) => readFile(join(output, name), 'utf8');
const files = async () => (await readdir(output)).filter((name) => name !== '.reso').sort();

test('brings what the lock names and nothing else, and then asks and reads nothing', async () => {
  const locked = await lockNow();
  await put(images, 'later.jpg', 'later');
  await refreshed();
  expect(await sync({ locked })).toMatchObject({ downloaded: 5, failed: 0 });
  expect(await files()).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd']);
  for (const name of NAMES) expect(await local(name)).toBe(name);
  const index = await stat(join(output, '.reso/index'));
  const { atimeMs } = await stat(join(output, 'a.jpg'));
  const again = await sync({ locked });
  expect(again).toMatchObject({ downloaded: 0, identical: 5, bytesReceived: 0 });
  // A greeting and a pong, and not even the list.
  expect(again.sent).toBeLessThan(500);
  expect((await stat(join(output, 'a.jpg'))).atimeMs).toBe(atimeMs);
  expect((await stat(join(output, '.reso/index'))).mtimeMs).toBe(index.mtimeMs);
});

test('files that are here already are proven by the lock once, and no version is taken from it', async () => {
  const locked = await lockNow(['a.jpg']);
  await put(output, 'a.jpg', 'a.jpg');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await sync({ locked })).toMatchObject({ identical: 1, bytesReceived: 0 });
  const index = join(output, '.reso/index');
  expect(await readFile(index, 'utf8')).toMatch(/\["a\.jpg",5,[^,]+,[^,]+,"","","[0-9a-f]{64}"\]/);
  const { mtimeMs } = await stat(index);
  expect(await sync({ locked })).toMatchObject({ identical: 1 });
  expect((await stat(index)).mtimeMs).toBe(mtimeMs);
  await put(images, 'a.jpg', 'A.jpg');
  await refreshed();
  expect(await sync({ include: ['a.jpg'] })).toMatchObject({ downloaded: 1 });
  expect(await local('a.jpg')).toBe('A.jpg');
});

test('a version that is known of a server outlives a sync by a lock', async () => {
  const locked = await lockNow();
  await sync();
  const before = await readFile(join(output, '.reso/index'), 'utf8');
  expect(await sync({ locked })).toMatchObject({ identical: 5 });
  expect(await readFile(join(output, '.reso/index'), 'utf8')).toBe(before);
});

test('what the server has no longer, or differently, fails, and the local copies stay', async () => {
  const locked = await lockNow();
  await put(images, 'a.jpg', 'A.jpg');
  await put(images, 'b.jpg', 'B.jpg');
  await rm(join(images, 'c.jpg'));
  await put(output, 'b.jpg', 'mine');
  await put(output, 'd/e.jpg', 'edited');
  await refreshed();
  const planned = await sync({ locked, dryRun: true });
  expect(await files()).toEqual(['b.jpg', 'd']);
  const done = await sync({ locked });
  expect(outcomes(planned)).toEqual(outcomes(done));
  expect(outcomes(done)).toEqual({
    'a.jpg': 'failed',
    'b.jpg': 'failed',
    'c.jpg': 'failed',
    'd/e.jpg': 'downloaded',
    'd/f.jpg': 'downloaded',
  });
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) {
    expect(planned.results[name]).toMatchObject({ code: 'LOCKED' });
    expect(done.results[name]).toMatchObject({ code: 'LOCKED' });
  }
  expect(await local('b.jpg')).toBe('mine');
  expect(await local('d/e.jpg')).toBe('d/e.jpg');
  expect(await files()).toEqual(['b.jpg', 'd']);
});

test('a file that was touched here is restored; a plain sync brings what the server has since', async () => {
  const locked = await lockNow();
  await sync({ locked });
  await put(output, 'a.jpg', 'a.JPG');
  expect(await sync({ locked })).toMatchObject({ downloaded: 1, identical: 4 });
  expect(await local('a.jpg')).toBe('a.jpg');
  await put(images, 'a.jpg', 'A.jpg');
  await refreshed();
  // All here is as the lock says: what the server has instead does not matter.
  expect(await sync({ locked })).toMatchObject({ identical: 5, failed: 0 });
  expect(await sync()).toMatchObject({ downloaded: 1, identical: 4 });
  expect(await local('a.jpg')).toBe('A.jpg');
});

test('--include and --exclude say which part of the lock it is about', async () => {
  const locked = await lockNow();
  expect(outcomes(await sync({ locked, include: ['d', 'a*'], exclude: ['**/f.jpg'] }))).toEqual({
    'a.jpg': 'downloaded',
    'd/e.jpg': 'downloaded',
  });
});

describe('with delete', () => {
  test('what the lock does not name goes, though the server has it; other files are kept', async () => {
    const locked = await lockNow(['a.jpg', 'b.jpg', 'd/**']);
    await sync();
    await put(output, 'mine.jpg', 'mine');
    const done = await sync({ locked, delete: true });
    expect(done).toMatchObject({ deleted: 1, kept: 1, identical: 4, failed: 0 });
    expect(done.results['mine.jpg']!.error!.message).toContain('The lock file does not have it');
    expect(await files()).toEqual(['a.jpg', 'b.jpg', 'd', 'mine.jpg']);
  });

  test('a lock that is empty, or lacks more than half, is refused without force', async () => {
    await sync();
    const none: Lock = { async *entries() {} };
    await expect(sync({ locked: none, delete: true })).rejects.toMatchObject({
      code: 'TOO_MANY_GONE',
      message: expect.stringContaining('the lock file has no images'),
    });
    const some = await lockNow(['d/*']);
    await expect(sync({ locked: some, delete: true })).rejects.toMatchObject({ code: 'TOO_MANY_GONE' });
    for (const name of NAMES) expect(await local(name)).toBe(name);
    expect(await sync({ locked: some, delete: true, force: true })).toMatchObject({ deleted: 3 });
    expect(await files()).toEqual(['d']);
  });

  test('a lock that is out of order deletes nothing', async () => {
    await sync();
    const entries: { name: string; size: number; sha256: string }[] = [];
    for await (const entry of (await lockNow()).entries()) entries.push(entry);
    const locked: Lock = {
      async *entries() {
        yield* entries.toReversed();
      },
    };
    await expect(sync({ locked, delete: true })).rejects.toMatchObject({ code: 'USAGE' });
    for (const name of NAMES) expect(await local(name)).toBe(name);
  });
});
