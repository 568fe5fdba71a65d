import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connect,
  newProgress,
  openLock,
  serve,
  type Client,
  type ConnectOptions,
  type DownloadResult,
  type Progress,
  type ServeHandle,
} from '..';
import { FaultProxy } from '../testing';

const MIB = 1_048_576;
const LARGE = 'large.tif';

let base: string;
let output: string;
/** Each has a folder of its own, and is reached through a proxy. */
let servers: ServeHandle[];
let proxies: FaultProxy[];
const images = new Map<string, Buffer>();
const clients: Client[] = [];

const folder = (i: number) => join(base, `images-${i}`);

beforeAll(() => {
  for (let i = 0; i < 60; i++) images.set(`small/${i}.jpg`, randomBytes(40_000 + i));
  for (let i = 0; i < 6; i++) images.set(`photos/${i}.jpg`, randomBytes(3 * MIB + i));
  images.set(LARGE, randomBytes(40 * MIB + 5));
});

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-replicas-'));
  output = join(base, 'out');
  for (const name of ['small', 'photos']) await mkdir(join(folder(0), name), { recursive: true });
  for (const [name, bytes] of images) await writeFile(join(folder(0), name), bytes);
  // Copies have other versions, and so lists of other generations.
  await cp(folder(0), folder(1), { recursive: true, preserveTimestamps: true });
  servers = await Promise.all([0, 1].map((i) => start(i)));
  proxies = await Promise.all(servers.map(({ port }) => FaultProxy.start({ port })));
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await Promise.all(servers.map((server) => server.close({ grace: 0 })));
  await rm(base, { recursive: true });
});

/** Pages are short, so that lists have many. */
function start(i: number, port = 0): Promise<ServeHandle> {
  return serve({ folder: folder(i), port, host: '127.0.0.1', limits: { page: 5 } });
}

const at = (port: number) => ({ host: '127.0.0.1', port });
const behind = () => proxies.map(({ port }) => at(port));

function client(options: ConnectOptions = {}): Client {
  const made = connect({ servers: behind(), retries: 3, ...options });
  clients.push(made);
  return made;
}

/** Until each server knows each digest. */
async function hashAll(): Promise<void> {
  for (const { port } of servers) {
    const one = connect({ port });
    for (const name of images.keys()) await one.digests(name);
    one.close();
  }
}

/** Ends the way to a server as kill -9 ends a process: resets, and then nobody listens. */
async function kill(i: number): Promise<void> {
  await proxies[i]!.close();
}

/** Counters that call `then`, once, when so many bytes have arrived. */
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

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const TOTAL = () => sum([...images.values()].map(({ length }) => length));

async function expectAll(except: readonly string[] = []): Promise<void> {
  for (const [name, bytes] of images)
    if (!except.includes(name)) expect(sha256(await readFile(join(output, name)))).toBe(sha256(bytes));
}

/** Downloads and returns how many bytes came for the images. */
async function getAll(from: Client, progress = newProgress()): Promise<number> {
  const results: DownloadResult[] = [];
  const summary = await from.download(undefined, { output, progress, onResult: (one) => void results.push(one) });
  expect(results.filter(({ error }) => error)).toEqual([]);
  expect(summary).toMatchObject({ downloaded: images.size, failed: 0 });
  await expectAll();
  return sum(results.map(({ bytesReceived }) => bytesReceived));
}

test('connections are spread over all servers', async () => {
  expect(await getAll(client())).toBe(TOTAL());
  expect(proxies.map(({ bytes }) => bytes > MIB)).toEqual([true, true]);
});

describe.each([
  ['whose digests are known', true],
  ['whose digests are not known yet', false],
])('servers %s', (_, isHashed) => {
  beforeEach(() => (isHashed ? hashAll() : undefined));

  test.each([0, 1])('number %i dies while everything is downloaded', async (dying) => {
    let dead: Promise<void> | undefined;
    const received = await getAll(client(), after(12 * MIB, () => (dead = kill(dying))));
    expect(dead).toBeDefined();
    // Images of less than 1 MiB are not resumed, and no others are at risk.
    expect(received - TOTAL()).toBeLessThan(4 * MIB);
  });

  test.each([1, 4])('one dies within a large image that comes over %i connections', async (connections) => {
    const results: DownloadResult[] = [];
    let dead: Promise<void> | undefined;
    const which = () => (proxies[0]!.bytes >= proxies[1]!.bytes ? 0 : 1);
    await client({ connections }).download([LARGE], {
      output,
      progress: after(15 * MIB, () => (dead = kill(which()))),
      onResult: (one) => void results.push(one),
    });
    expect(dead).toBeDefined();
    const { length } = images.get(LARGE)!;
    expect(results).toMatchObject([{ outcome: 'downloaded', size: length, bytesReceived: length }]);
    expect(results[0]!.resumedFrom).toBeGreaterThan(0);
    expect(sha256(await readFile(join(output, LARGE)))).toBe(sha256(images.get(LARGE)!));
  });

  test('a later run resumes at another one, in whatever order they are given', async () => {
    const first = client({ connections: 1, retries: 0 });
    const cut = { output, progress: after(15 * MIB, () => first.close()) };
    await first.download([LARGE], cut);
    const used = proxies[0]!.bytes > 0 ? 0 : 1;
    await kill(used);
    const results: DownloadResult[] = [];
    const second = client({ connections: 1, servers: behindBoth(used).toReversed() });
    await second.download([LARGE], { output, onResult: (one) => void results.push(one) });
    expect(results).toMatchObject([{ outcome: 'downloaded' }]);
    expect(results[0]!.resumedFrom).toBeGreaterThan(10 * MIB);
  });
});

const ports: number[] = [];
beforeEach(() => void ports.splice(0, 2, ...proxies.map(({ port }) => port)));
/** Both addresses, although one of them is dead. */
const behindBoth = (_dead: number) => ports.map(at);
