import { createHash, randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectTo, createServer, type AddressInfo } from 'node:net';
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
import { certificatePath, keyPath, certificate } from '../access/fixtures/certificate';
import { FaultProxy } from '../testing';
import { askNextGeneration, askPage, askState, type Home } from './net/ask';
import type { Flight } from './net/link';
import { Pool } from './net/pool';
import { settingsOf, type Retry } from './net/settings';

const MIB = 1_048_576;
const LARGE = 'large.tif';

let base: string;
let output: string;
/** Each has a folder of its own, and is reached through a proxy. */
let servers: ServeHandle[];
let proxies: FaultProxy[];
let ports: number[];
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
  ports = proxies.map(({ port }) => port);
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
/** The addresses of both, also of one that is dead. */
const behind = () => ports.map(at);

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
  const summary = await from.download(undefined, {
    output,
    progress,
    onResult: (one) => void results.push(one),
  });
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
    const received = await getAll(
      client(),
      after(12 * MIB, () => void (dead = kill(dying))),
    );
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
      progress: after(15 * MIB, () => void (dead = kill(which()))),
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
    const second = client({ connections: 1, servers: behind().toReversed() });
    await second.download([LARGE], { output, onResult: (one) => void results.push(one) });
    expect(results).toMatchObject([{ outcome: 'downloaded' }]);
    expect(results[0]!.resumedFrom).toBeGreaterThan(10 * MIB);
  });
});

test('two servers behind one address: a large image goes on at the other one', async () => {
  await hashAll();
  let next = 0;
  const balancer = createServer((socket) => {
    const isFirst = next === 0;
    const onward = connectTo(servers[next++ % 2]!.port, '127.0.0.1');
    for (const one of [socket, onward]) one.on('error', () => undefined);
    let carried = 0;
    onward.on('data', (bytes: Buffer) => {
      carried += bytes.length;
      if (isFirst && carried > 15 * MIB) socket.destroy();
    });
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
  });
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  const { port } = balancer.address() as AddressInfo;
  const results: DownloadResult[] = [];
  const from = client({ servers: [at(port)], connections: 1 });
  await from.download([LARGE], { output, onResult: (one) => void results.push(one) });
  const { length } = images.get(LARGE)!;
  expect(next).toBe(2);
  expect(results).toMatchObject([{ outcome: 'downloaded', bytesReceived: length, attempts: 2 }]);
  from.close();
  balancer.close();
  await once(balancer, 'close');
});

/** Which one sent the most since then; by default, since the start. */
function lister(before: readonly number[] = [0, 0]): number {
  const [first, second] = proxies.map(({ bytes }, i) => bytes - before[i]!);
  return first! > second! ? 0 : 1;
}

test('a list goes on at another one when the one it came from dies', async () => {
  const names: string[] = [];
  let dead: Promise<void> | undefined;
  for await (const { name } of client().list()) {
    names.push(name);
    if (names.length === 8) dead = kill(lister());
  }
  await dead;
  expect(names).toEqual([...images.keys()].sort());
});

test('all pages of a list come from one server, and so does what it is compared with', async () => {
  const one = client();
  await Promise.all(Array.from({ length: 100 }, () => one.ping()));
  const generation = await one.watch();
  const direct = servers.map(({ port }) => connect({ port }));
  clients.push(...direct);
  const generations = await Promise.all(direct.map((other) => other.watch()));
  expect(new Set([generation, ...generations]).size).toBe(2);
  let isTold = false;
  const next = one.watch({ unless: generation }).finally(() => (isTold = true));
  for (let i = 0; i < 50; i++) await Promise.all([one.ping(), ...direct.map((other) => other.ping())]);
  expect(isTold).toBe(false);
  for (const i of [0, 1]) await appendFile(join(folder(i), 'small/0.jpg'), 'x');
  expect(await next).not.toBe(generation);
});

test('lists and watches stay with their server while its connection is busy, and that of the other one is not', async () => {
  const pool = new Pool(settingsOf({ servers: behind(), connections: 2 }));
  const addressOf = ({ channel }: Flight) => Promise.resolve(channel.address);
  const request = () => pool.request((_, flight) => addressOf(flight));
  const ask = () => askState(pool, LARGE);
  while (proxies.some(({ bytes }) => bytes === 0)) await Promise.all(Array.from({ length: 100 }, ask));
  const home: Home = { at: undefined };
  const page = await askPage(pool, {}, home);
  const first = home.at;
  let release = () => undefined as void;
  const busy = new Promise<string>((resolve, reject) => {
    const held = new Promise<void>((end) => (release = end));
    const run = (flight: Flight) => (addressOf(flight).then(resolve), held);
    pool.submit({ expected: 8192, run, fail: reject });
  });
  expect(await busy).toBe(first);
  expect(await request()).not.toBe(first);
  await askPage(pool, { after: page.images.at(-1)!.name }, home);
  expect(home.at).toBe(first);
  await askNextGeneration(pool, 'another', { home, isRepeated: true });
  expect(home.at).toBe(first);
  release();
  pool.close();
});

test('a lock is of one server, also if that dies meanwhile', async () => {
  await hashAll();
  let dead: Promise<void> | undefined;
  const taken = client();
  for await (const { size } of taken.list({ globs: ['photos/*'] })) if (size > 0) dead ??= kill(lister());
  let text = '';
  for await (const piece of taken.lock()) text += piece;
  await dead;
  const lines = [...images].map(([name, bytes]) => `${name}\t${bytes.length}\t${sha256(bytes)}\n`).sort();
  expect(text).toBe(`# reso lock 1\n${lines.join('')}`);
});

describe('sync', () => {
  beforeEach(hashAll);

  test('brings nothing again: in another order, with a dead member, or at a copy with other versions', async () => {
    expect(await client().sync(output)).toMatchObject({ downloaded: images.size, failed: 0 });
    const again = { downloaded: 0, identical: images.size, failed: 0, bytesReceived: 0 };
    expect(await client({ servers: behind().toReversed() }).sync(output)).toMatchObject(again);
    for (const i of [0, 1]) {
      await kill(i);
      expect(await client({ servers: behind().toReversed() }).sync(output)).toMatchObject(again);
      proxies[i] = await FaultProxy.start({ port: servers[i]!.port });
      ports[i] = proxies[i]!.port;
    }
  });

  test.each([0, 1])(
    '--delete deletes what is gone everywhere, and no more, while number %i dies',
    async (dying) => {
      await client().sync(output);
      const gone = ['small/7.jpg', 'photos/3.jpg'];
      for (const i of [0, 1]) for (const name of gone) await rm(join(folder(i), name));
      await rm(join(output, 'small/9.jpg'));
      let dead: Promise<void> | undefined;
      const deleted: string[] = [];
      const summary = await client().sync(output, {
        delete: true,
        onResult: ({ name, outcome }) => {
          dead ??= kill(dying);
          if (outcome === 'deleted') deleted.push(name);
        },
      });
      await dead;
      expect(deleted.sort()).toEqual(gone.sort());
      expect(summary).toMatchObject({ downloaded: 1, failed: 0, kept: 0 });
      await expectAll(gone);
    },
  );

  test('--delete mixes no two servers: where the other one lacks much, nothing is deleted', async () => {
    await client().sync(output);
    const one = client();
    const before = proxies.map(({ bytes }) => bytes);
    for await (const { size } of one.list()) expect(size).toBeGreaterThan(0);
    const used = lister(before);
    await rm(join(folder(1 - used), 'small'), { recursive: true });
    let dead: Promise<void> | undefined;
    // Of a part, the server is asked for its list in any case.
    const options = { delete: true, exclude: ['none.jpg'] };
    const result = one.sync(output, { ...options, onResult: () => void (dead ??= kill(used)) });
    await expect(result).rejects.toMatchObject({ code: 'TOO_MANY_GONE' });
    await dead;
    await expectAll();
  });
});

test('--locked, and verify with repair, while one dies', async () => {
  await hashAll();
  let text = '';
  for await (const piece of client().lock()) text += piece;
  const path = join(base, 'lock');
  await writeFile(path, text);
  let dead: Promise<void> | undefined;
  const summary = await client().download(undefined, {
    output,
    locked: await openLock(path),
    progress: after(20 * MIB, () => void (dead = kill(0))),
  });
  expect(summary).toMatchObject({ downloaded: images.size, failed: 0 });
  expect(dead).toBeDefined();
  await dead;
  await expectAll();
  proxies[0] = await FaultProxy.start({ port: servers[0]!.port });
  ports[0] = proxies[0].port;
  const damaged = Buffer.from(images.get(LARGE)!);
  for (const offset of [5, 12 * MIB, 30 * MIB]) damaged[offset]! ^= 1;
  await writeFile(join(output, LARGE), damaged);
  let alsoDead: Promise<void> | undefined;
  const repaired = await client().verify({
    folder: output,
    repair: true,
    onResult: ({ name }) => void (name === LARGE || (alsoDead ??= kill(1))),
  });
  expect(alsoDead).toBeDefined();
  await alsoDead;
  expect(repaired).toMatchObject({ ok: images.size - 1, repaired: 1, failed: 0 });
  expect(repaired.bytesReceived).toBeLessThanOrEqual(4 * MIB);
  await expectAll();
});

test('a rolling update loses nothing: each server is restarted in turn', async () => {
  const direct = servers.map(({ port }) => port);
  const restart = async (i: number) => {
    await servers[i]!.close({ grace: 10 });
    servers[i] = await start(i, direct[i]);
  };
  let update: Promise<void> | undefined;
  const from = client({ servers: direct.map(at), bytesPerSecond: 40 * MIB });
  const received = await getAll(
    from,
    after(5 * MIB, () => void (update = restart(0).then(() => restart(1)))),
  );
  await update;
  expect(received).toBe(TOTAL());
  // And afterwards both are used.
  await rm(output, { recursive: true });
  expect(await getAll(from)).toBe(TOTAL());
});

test('a dead server is left alone for longer and longer, and used again when it is back', async () => {
  let asked = 0;
  const dead = createServer((socket) => {
    asked++;
    socket.on('error', () => undefined).destroy();
  });
  dead.listen(0, '127.0.0.1');
  await once(dead, 'listening');
  const { port } = dead.address() as AddressInfo;
  const retries: Retry[] = [];
  const from = client({
    servers: [at(port), at(ports[1]!)],
    connections: 2,
    onRetry: (one) => retries.push(one),
  });
  for (let i = 0; i < 300; i++) await from.ping();
  expect(asked).toBeLessThanOrEqual(3);
  expect(retries).toEqual([]);
  dead.close();
  await once(dead, 'close');
  let connections = 0;
  const relay = createServer((socket) => {
    connections++;
    const onward = connectTo(servers[0]!.port, '127.0.0.1');
    for (const one of [socket, onward]) one.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  relay.listen(port, '127.0.0.1');
  while (connections === 0) await Promise.all(Array.from({ length: 20 }, () => from.ping()));
  await from.ping();
  from.close();
  relay.close();
  await once(relay, 'close');
});

describe('with TLS', () => {
  const tls = (name: string) => ({ cert: certificatePath(name), key: keyPath(name) });
  const secure: ServeHandle[] = [];
  const retries: Retry[] = [];
  const options = { tls: { ca: certificate('ca') }, onRetry: (one: Retry) => void retries.push(one) };

  async function serveTls(name: string, host: string, port = 0): Promise<number> {
    secure.push(await serve({ folder: folder(0), port, host, tls: tls(name) }));
    return secure.at(-1)!.port;
  }

  afterEach(async () => {
    jest.restoreAllMocks();
    retries.length = 0;
    await Promise.all(secure.splice(0).map((server) => server.close({ grace: 0 })));
  });

  test('each address of a name is checked against that name', async () => {
    const port = await serveTls('server', '127.0.0.1');
    await serveTls('server', '127.0.0.2', port);
    const found = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    jest
      .spyOn(dns, 'lookup')
      .mockImplementation(((_host: string, _options: object, done: Lookup) =>
        done(null, found)) as unknown as typeof dns.lookup);
    const named = client({ ...options, servers: [{ host: 'localhost', port }], connections: 2 });
    expect((await named.download(['photos', 'small'], { output })).failed).toBe(0);
    expect(retries).toEqual([]);
    await secure[0]!.close({ grace: 0 });
    expect((await named.download([LARGE], { output })).failed).toBe(0);
    const other = client({ ...options, servers: [{ host: 'elsewhere.example', port }] });
    await expect(other.ping()).rejects.toMatchObject({ code: 'UNTRUSTED' });
  });

  test('one with a wrong certificate gets nothing, and is no reason to fail while another has a right one', async () => {
    const wrong = await serveTls('expired', '127.0.0.1');
    const right = await serveTls('server', '127.0.0.1');
    for (const servers of [
      [wrong, right],
      [right, wrong],
    ]) {
      const both = client({ ...options, servers: servers.map(at), connections: 2 });
      expect((await both.download(undefined, { output })).failed).toBe(0);
      await rm(output, { recursive: true });
    }
    for (const { error } of retries) expect(error.code).toBe('UNTRUSTED');
    await expect(client({ ...options, servers: [at(wrong)] }).ping()).rejects.toMatchObject({
      code: 'UNTRUSTED',
    });
  });
});

type Lookup = (error: null, found: readonly { address: string; family: number }[]) => void;
