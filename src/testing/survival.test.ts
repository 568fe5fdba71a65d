import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type ConnectOptions, type DownloadResult, type ServeHandle } from '..';
import { FaultProxy } from './fault-proxy';
import type { ConnectionFaults, Faults } from './faults';
import { until } from './fixtures/end';

const MIB = 1_048_576;
const NAMES = ['large.tif', 'small.jpg'];

let base: string;
let server: ServeHandle;
let proxy: FaultProxy;
const images = new Map<string, Buffer>();

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-faults-'));
  await mkdir(join(base, 'images'));
  images.set('large.tif', randomBytes(3 * MIB)).set('small.jpg', randomBytes(50_000));
  for (const [name, bytes] of images) await writeFile(join(base, 'images', name), bytes);
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
  proxy = await FaultProxy.start({ port: server.port });
});

afterEach(async () => {
  await proxy.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

/** Both images, over one connection at a time. */
async function download(options: ConnectOptions = {}): Promise<DownloadResult[]> {
  const client = connect({ port: proxy.port, connections: 1, ...options });
  const results: DownloadResult[] = [];
  try {
    await client.download(NAMES, { output: join(base, 'out'), onResult: (result) => results.push(result) });
  } finally {
    client.close();
  }
  return results;
}

async function expectDelivered(results: readonly DownloadResult[]): Promise<void> {
  expect(results.map(({ outcome }) => outcome)).toEqual(['downloaded', 'downloaded']);
  for (const [name, bytes] of images) {
    expect((await readFile(join(base, 'out', name))).equals(bytes)).toBe(true);
  }
}

test.each<[string, ConnectionFaults]>([
  ['is cut in what the server sends', { fromServer: { cutAfter: MIB } }],
  ['is cut in what the client sends', { fromClient: { cutAfter: 30 } }],
  ['stands still in what the server sends', { fromServer: { stallAfter: MIB } }],
  ['stands still in what the client sends', { fromClient: { stallAfter: 30 } }],
  ['turns a bit of an image', { fromServer: { flipAt: MIB } }],
  ['brings bytes of an image twice', { fromServer: { replay: { from: MIB, to: MIB + 100 } } }],
  ['brings the HELLO twice', { fromServer: { replay: { frame: 0 } } }],
  ['brings a frame of a delivery twice', { fromServer: { replay: { frame: 3 } } }],
])('a connection that %s costs another try, and no more', async (_, faults) => {
  proxy.next(faults);
  const results = await download({ timeout: 1 });
  await expectDelivered(results);
  // The connection may end before an image was asked for on it: then that costs another connection only.
  expect(proxy.connections > 1 || results.some(({ attempts }) => attempts > 1)).toBe(true);
});

test.each<[string, ConnectionFaults]>([
  ['slow', { fromServer: { bytesPerSecond: 4 * MIB }, fromClient: { bytesPerSecond: 2000 } }],
  ['split', { fromServer: { split: 1000 }, fromClient: { split: 1 } }],
  ['coalesced', { fromServer: { coalesce: MIB }, fromClient: { coalesce: 1000 } }],
])('what is only %s comes in one go', async (_, faults) => {
  proxy.always(faults);
  const results = await download();
  await expectDelivered(results);
  expect(results.map(({ attempts }) => attempts)).toEqual([1, 1]);
  expect(proxy.connections).toBe(1);
});

test('a connection that stands still, and goes on in time, is kept', async () => {
  proxy.next({ fromServer: { stallAfter: MIB } });
  const downloading = download();
  await until(() => proxy.stalled === 1);
  proxy.resume();
  const results = await downloading;
  await expectDelivered(results);
  expect(results.map(({ attempts }) => attempts)).toEqual([1, 1]);
});

// The server can't tell damage from a client that is faulty, and says so: this client is not, and tries again.
test.each<[string, Faults]>([
  ['a frame comes twice', { replay: { frame: 1 } }],
  ['bytes come twice', { replay: { from: 0, to: 20 } }],
  ['a bit is turned', { flipAt: 12 }],
])('where %s of what the client sends, it is sent again', async (_, faults) => {
  proxy.next({ fromClient: faults });
  await expectDelivered(await download());
  expect(proxy.connections).toBeGreaterThan(1);
});
