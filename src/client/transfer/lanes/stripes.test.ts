import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultProxy } from '../../../testing/fault-proxy';
import {
  connect,
  newProgress,
  serve,
  type ConnectOptions,
  type DownloadResult,
  type ServeHandle,
} from '../../..';

const MIB = 1_048_576;

let base: string;
let images: string;
let output: string;
let server: ServeHandle;
let proxy: FaultProxy;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-stripes-'));
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

async function image(name: string, size: number): Promise<Buffer> {
  const bytes = randomBytes(size);
  await writeFile(join(images, name), bytes);
  return bytes;
}

async function get(
  names: string[] | undefined,
  options: ConnectOptions = {},
  progress = newProgress(),
): Promise<DownloadResult[]> {
  const client = connect({ port: proxy.port, ...options });
  const results: DownloadResult[] = [];
  try {
    await client.download(names, { output, progress, onResult: (result) => void results.push(result) });
  } finally {
    client.close();
  }
  return results;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function expectWhole(name: string, bytes: Buffer): Promise<void> {
  expect((await readFile(join(output, name))).equals(bytes)).toBe(true);
}

test('a large image comes over all connections, every byte once', async () => {
  const bytes = await image('large.tif', 40 * MIB + 1);
  const progress = newProgress();
  const [result] = await get(['large.tif'], { connections: 4 }, progress);
  expect(result).toMatchObject({
    outcome: 'downloaded',
    bytesReceived: bytes.length,
    resumedFrom: 0,
    attempts: 1,
    sha256: sha256(bytes),
  });
  expect(progress).toMatchObject({ bytesDone: bytes.length, bytesTotal: bytes.length });
  expect(proxy.connections).toBe(4);
  await expectWhole('large.tif', bytes);
  expect(await readdir(output)).toEqual(['large.tif']);
});

test.each([2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 4 * MIB, 4 * MIB + 1])(
  'an image of %i bytes is whole',
  async (size) => {
    const bytes = await image('a.tif', size);
    expect(await get(['a.tif'])).toMatchObject([{ outcome: 'downloaded', bytesReceived: size, attempts: 1 }]);
    await expectWhole('a.tif', bytes);
  },
);

test('of several large ones each is whole, however they are asked for', async () => {
  const sent = new Map<string, Buffer>();
  for (const name of ['a.tif', 'b.tif', 'c.tif']) sent.set(name, await image(name, 13 * MIB));
  for (const names of [undefined, [...sent.keys()]]) {
    const results = await get(names);
    expect(results.map(({ outcome }) => outcome)).toEqual(['downloaded', 'downloaded', 'downloaded']);
    for (const [name, bytes] of sent) await expectWhole(name, bytes);
    await rm(output, { recursive: true });
  }
});

test('where some connections are cut again and again, only what is missing is asked for again', async () => {
  const bytes = await image('large.tif', 48 * MIB);
  proxy.cutAfter(5 * MIB, MIB, 2 * MIB, 3 * MIB, MIB, 6 * MIB, 1000, 2 * MIB);
  const [result] = await get(['large.tif'], { retries: 2 });
  expect(result).toMatchObject({ outcome: 'downloaded', bytesReceived: bytes.length });
  expect(result!.attempts).toBeGreaterThan(1);
  expect(result!.resumedFrom).toBeGreaterThan(0);
  expect(proxy.connections).toBeGreaterThan(8);
  await expectWhole('large.tif', bytes);
});

test('a bit that was turned in a stripe spoils the image, which is fetched anew', async () => {
  const bytes = await image('large.tif', 24 * MIB);
  proxy.flipAt(9 * MIB, 2 * MIB, 2 * MIB, 2 * MIB);
  const progress = newProgress();
  const [result] = await get(['large.tif'], {}, progress);
  expect(result).toMatchObject({ outcome: 'downloaded', sha256: sha256(bytes) });
  expect(result!.bytesReceived).toBeGreaterThan(bytes.length);
  expect(progress.bytesDone).toBe(bytes.length);
  await expectWhole('large.tif', bytes);
});

test('an image that is replaced while it comes is fetched anew, and whole', async () => {
  await image('large.tif', 64 * MIB);
  let next: Promise<Buffer> | undefined;
  const progress = new Proxy(newProgress(), {
    set(target, key, value) {
      if (key === 'bytesReceived' && value > 8 * MIB) next ??= image('large.tif', 20 * MIB);
      return Reflect.set(target, key, value);
    },
  });
  const [result] = await get(['large.tif'], {}, progress);
  expect(result).toMatchObject({ outcome: 'downloaded', size: 20 * MIB });
  await expectWhole('large.tif', await next!);
});

test('a later run goes on from the bytes that had come in their order', async () => {
  const bytes = await image('large.tif', 48 * MIB);
  proxy.cutAfter(9 * MIB, 6 * MIB, 6 * MIB, 6 * MIB, ...Array.from({ length: 1000 }, () => 0));
  const [first] = await get(['large.tif'], { retries: 0 });
  expect(first).toMatchObject({ outcome: 'failed', code: 'DISCONNECTED' });
  const [second] = await get(['large.tif'], { port: server.port });
  expect(second).toMatchObject({ outcome: 'downloaded', sha256: sha256(bytes) });
  expect(second!.resumedFrom).toBeGreaterThan(0);
  expect(second!.bytesReceived).toBe(bytes.length - second!.resumedFrom);
  await expectWhole('large.tif', bytes);
  expect(await readdir(output)).toEqual(['large.tif']);
});

test('a limit holds for all connections together, and the image is whole', async () => {
  const bytes = await image('large.tif', 12 * MIB);
  const start = performance.now();
  const [result] = await get(['large.tif'], { bytesPerSecond: 8 * MIB });
  expect(result).toMatchObject({ outcome: 'downloaded', attempts: 1 });
  // But for the last burst of each connection, which nobody waits for.
  expect(performance.now() - start).toBeGreaterThan(1000);
  await expectWhole('large.tif', bytes);
});

test.each([0, 1023, -1, NaN])('a limit of %d is refused', (bytesPerSecond) => {
  expect(() => connect({ bytesPerSecond })).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
});
