import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, newProgress, serve, type Client, type ConnectOptions, type DownloadResult, type Progress, type ServeHandle } from '..';
import { FaultProxy } from '../testing';

const MIB = 1_048_576;

let base: string;
let output: string;
/** Each has a folder and digests of its own, and is reached through a proxy. */
let servers: ServeHandle[];
let proxies: FaultProxy[];
const images = new Map<string, Buffer>();
const clients: Client[] = [];

const folder = (i: number) => join(base, `images-${i}`);

beforeAll(() => {
  for (let i = 0; i < 60; i++) images.set(`small/${i}.jpg`, randomBytes(40_000 + i));
  for (let i = 0; i < 6; i++) images.set(`photos/${i}.jpg`, randomBytes(3 * MIB + i));
  images.set('large.tif', randomBytes(40 * MIB + 5));
});

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-replicas-'));
  output = join(base, 'out');
  for (const name of ['small', 'photos']) await mkdir(join(folder(0), name), { recursive: true });
  for (const [name, bytes] of images) await writeFile(join(folder(0), name), bytes);
  // Copies have other versions, and so lists of other generations.
  await cp(folder(0), folder(1), { recursive: true });
  servers = await Promise.all([0, 1].map((i) => serve({ folder: folder(i), port: 0, host: '127.0.0.1' })));
  proxies = await Promise.all(servers.map(({ port }) => FaultProxy.start({ port })));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await Promise.all(servers.map((server) => server.close({ grace: 0 })));
  await rm(base, { recursive: true });
});

const addresses = () => proxies.map(({ port }) => ({ host: '127.0.0.1', port }));

function client(options: ConnectOptions = {}): Client {
  const made = connect({ servers: addresses(), retries: 3, ...options });
  clients.push(made);
  return made;
}

/** Everything that the servers know: their digests. */
async function hashAll(): Promise<void> {
  for (const { port } of servers) {
    const one = connect({ port });
    for (const name of images.keys()) await one.digests(name);
    one.close();
  }
}

/** Ends a server, as kill -9 does: nobody answers at its address any more. */
async function kill(i: number): Promise<void> {
  await proxies[i]!.close();
}

async function revive(i: number): Promise<void> {
  const { port } = proxies[i]!;
  proxies[i] = await FaultProxy.start({ port: servers[i]!.port }, { port } as never);
}

/** Counters that call `then` once so many bytes have arrived. */
function after(bytes: number, then: () => void): Progress {
  let isDue = true;
  return new Proxy(newProgress(), {
    set(target, key, value) {
      if (key === 'bytesReceived' && value >= bytes && isDue) {
        isDue = false;
        then();
      }
      return Reflect.set(target, key, value);
    },
  });
}

async function expectAll(): Promise<void> {
  for (const [name, bytes] of images) {
    expect(createHash('sha256').update(await readFile(join(output, name))).digest('hex')).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
  }
}

const total = () => [...images.values()].reduce((sum, { length }) => sum + length, 0);

test('connections are spread over all servers', async () => {
  const summary = await client().download(undefined, { output });
  expect(summary).toMatchObject({ downloaded: images.size, failed: 0 });
  await expectAll();
  expect(proxies.map(({ connections }) => connections > 0)).toEqual([true, true]);
  expect(proxies.map(({ bytes }) => bytes > MIB)).toEqual([true, true]);
});
