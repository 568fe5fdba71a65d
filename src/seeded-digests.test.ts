import { hash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, openLock, serve, type Client, type DownloadResult, type ServeHandle } from './index';
import { formatLockEntry, LOCK_HEADER, type LockEntry } from './lock';

const MIB = 1_048_576;
const WRONG = 'ab'.repeat(32);

let base: string;
let path: string;
let server: ServeHandle;
let client: Client | undefined;
const warnings: string[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  path = join(base, 'images.lock');
  warnings.length = 0;
  await mkdir(join(base, 'images'));
});

afterEach(async () => {
  client?.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(name: string, bytes: Buffer): Promise<LockEntry> {
  await writeFile(join(base, 'images', name), bytes);
  return { name, size: bytes.length, sha256: hash('sha256', bytes) };
}

const textOf = (entries: readonly LockEntry[]) =>
  [LOCK_HEADER, ...entries.map(formatLockEntry), ''].join('\n');

async function lock(entries: readonly LockEntry[]): Promise<void> {
  await writeFile(`${path}.new`, textOf(entries));
  await rename(`${path}.new`, path);
}

async function start(): Promise<Client> {
  const onWarning = (message: string) => void warnings.push(message);
  const folder = join(base, 'images');
  server = await serve({
    folder,
    lock: path,
    state: join(base, 'state'),
    port: 0,
    host: '127.0.0.1',
    onWarning,
  });
  return (client = connect({ port: server.port, retries: 2 }));
}

async function lockOf(from: Client): Promise<string> {
  let text = '';
  for await (const piece of from.lock()) text += piece;
  return text;
}

/** What became of the images, by their names. */
async function download(options: { locked?: string } = {}): Promise<Record<string, DownloadResult>> {
  const results: Record<string, DownloadResult> = {};
  const locked = options.locked === undefined ? undefined : await openLock(options.locked);
  await client!.download(undefined, {
    output: join(base, 'here'),
    locked,
    onResult: (result) => (results[result.name] = result),
  });
  return results;
}

test('a lock of the server is the one that it was given, without a look at the images', async () => {
  // Nobody who reads these images finds such digests.
  const entries = [];
  for (const name of ['#a.jpg', 'b\\c.jpg', 'd.jpg', 'é\u0001.jpg', '💡.jpg'])
    entries.push({ ...(await put(name, randomBytes(1000))), sha256: hash('sha256', name) });
  await lock(entries);
  expect(await lockOf(await start())).toBe(textOf(entries));
});

test('an image that the lock file lacks, or has in another size, is read', async () => {
  const [a, b] = [await put('a.jpg', randomBytes(1000)), await put('b.jpg', randomBytes(2000))];
  await lock([{ ...a, size: 999, sha256: WRONG }]);
  expect(await lockOf(await start())).toBe(textOf([a, b]));
});

test('an image that changed since the lock file was read is read', async () => {
  const before = await put('a.jpg', randomBytes(1000));
  await lock([before]);
  await start();
  let after = before;
  // Times of files may be a moment behind the clock.
  for (const began = Date.now(); Date.now() < began + 20;) after = await put('a.jpg', randomBytes(1000));
  expect(await lockOf(client!)).toBe(textOf([after]));
});

test.each([1000, 3 * MIB, 20 * MIB])(
  'a wrong digest of an image of %d bytes: it arrives all the same, and then the server knows better',
  async (size) => {
    const truth = await put('a.jpg', randomBytes(size));
    await lock([{ ...truth, sha256: WRONG }]);
    expect(await lockOf(await start())).toContain(WRONG);
    const { 'a.jpg': result } = await download();
    expect(result).toMatchObject({ outcome: 'downloaded', sha256: truth.sha256 });
    expect(hash('sha256', await readFile(join(base, 'here', 'a.jpg')))).toBe(truth.sha256);
    expect(await lockOf(client!)).toBe(textOf([truth]));
    // Also after a restart, with the same lock file.
    client!.close();
    await server.close({ grace: 0 });
    expect(await lockOf(await start())).toBe(textOf([truth]));
  },
);

test.each([1000, 3 * MIB, 20 * MIB])(
  'a wrong digest of an image of %d bytes is in the way of no client that has the right one',
  async (size) => {
    const truth = await put('a.jpg', randomBytes(size));
    await lock([{ ...truth, sha256: WRONG }]);
    await start();
    const right = join(base, 'right.lock');
    await writeFile(right, textOf([truth]));
    expect((await download({ locked: right }))['a.jpg']).toMatchObject({ outcome: 'downloaded' });
  },
);

test.each([1000, 3 * MIB, 20 * MIB])(
  'a client with the same wrong digest of an image of %d bytes hears that the image is another',
  async (size) => {
    const truth = await put('a.jpg', randomBytes(size));
    await lock([{ ...truth, sha256: WRONG }]);
    await start();
    expect((await download({ locked: path }))['a.jpg']).toMatchObject({ outcome: 'failed', code: 'LOCKED' });
    expect(await lockOf(client!)).toBe(textOf([truth]));
  },
);

test('a wrong digest makes verify call a good copy damaged, and its repair finds out', async () => {
  const bytes = randomBytes(300_000);
  const truth = await put('a.jpg', bytes);
  await lock([{ ...truth, sha256: WRONG }]);
  await start();
  await mkdir(join(base, 'here'));
  await writeFile(join(base, 'here', 'a.jpg'), bytes);
  const outcomes: (string | undefined)[] = [];
  const options = {
    folder: join(base, 'here'),
    onResult: ({ outcome }: { outcome: string }) => void outcomes.push(outcome),
  };
  await client!.verify({ ...options, repair: true });
  await client!.verify(options);
  expect(outcomes.at(-1)).toBe('ok');
  expect(await readFile(join(base, 'here', 'a.jpg'))).toEqual(bytes);
});

test('reload reads the lock file again', async () => {
  const truth = await put('a.jpg', randomBytes(1000));
  await lock([{ ...truth, sha256: WRONG }]);
  expect(await lockOf(await start())).toContain(WRONG);
  const other = 'cd'.repeat(32);
  await lock([{ ...truth, sha256: other }]);
  server.reload();
  while ((await lockOf(client!)).includes(WRONG));
  expect(await lockOf(client!)).toContain(other);
  await lock([{ ...truth, sha256: 'none' }]);
  server.reload();
  while (warnings.length === 0) await new Promise(setImmediate);
  expect(warnings[0]).toContain("images.lock, line 2: 'none' is not a SHA-256");
  expect(await lockOf(client!)).toContain(other);
});
