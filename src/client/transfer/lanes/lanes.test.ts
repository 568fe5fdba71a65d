import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve, type ServeHandle } from '../../../index';
import { silentLog, type LogFields } from '../../../telemetry';
import { MessageType, type Proof } from '../../../protocol';
import { FaultProxy } from '../../../testing/fault-proxy';
import { connect } from '../../connect';
import { Channel } from '../../net/channel';
import { Pool } from '../../net/pool';
import type { ConnectOptions } from '../../net/settings';
import { newProgress } from '../../progress';
import type { DownloadResult } from '../../result';
import { ImageDownload } from '../image-download';
import { buildThread } from './fixtures/built-thread';
import { WORTH_THREADS } from './fleet';
import { Lane } from './lane';
import { LaneThread } from './lane-thread';
import type { Order } from './order';

const MIB = 1_048_576;
const SMALL = 700;

let base: string;
let thread: string;
let output: string;
let server: ServeHandle;
let proxy: FaultProxy;
/** In folders by what they are: `small/`, `photos/` and `large/`. */
const images = new Map<string, Buffer>();
const start = LaneThread.start.bind(LaneThread);
const realGive = LaneThread.prototype.give;
const realLaneGive = Lane.prototype.give;
const realRequest = Channel.prototype.request;
const give = jest.spyOn(LaneThread.prototype, 'give');
/** The regular path, and its requests for a whole image or the rest of one. */
const ordinary = jest.spyOn(ImageDownload.prototype, 'start');
const run = jest.spyOn(ImageDownload.prototype, 'run');

async function addImage(name: string, size: number): Promise<void> {
  const bytes = randomBytes(size);
  images.set(name, bytes);
  await writeFile(join(base, 'images', name), bytes);
}

beforeAll(async () => {
  // Threads for a few images as well.
  Object.assign(WORTH_THREADS, { images: 1, bytes: 1 });
  base = await realpath(await mkdtemp(join(tmpdir(), 'reso-')));
  output = join(base, 'out');
  thread = buildThread(base);
  for (const folder of ['small', 'photos', 'large'])
    await mkdir(join(base, 'images', folder), { recursive: true });
  for (let i = 0; i < SMALL; i++) await addImage(`small/${String(i).padStart(4, '0')}.jpg`, 20_000 + 10 * i);
  for (let i = 0; i < 12; i++) await addImage(`photos/${i}.jpg`, 3 * MIB + i);
  await addImage('large/a.tif', 70 * MIB + 7);
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

beforeEach(async () => {
  await rm(output, { recursive: true, force: true });
  give.mockReset().mockImplementation(realGive);
  ordinary.mockClear();
  run.mockClear();
  proxy = await FaultProxy.start({ port: server.port });
});

afterEach(() => proxy.close());

/** The results of a download, with `file` as the program of its threads. The lane in this thread waits for them. */
async function download(
  what: string,
  file = thread,
  options: ConnectOptions = {},
): Promise<DownloadResult[]> {
  let areReady = Promise.resolve();
  const started = jest.spyOn(LaneThread, 'start').mockImplementation((settings, lane, tell, onReady) => {
    let begun: LaneThread | undefined;
    areReady = new Promise((resolve) => {
      const whenReady = () => {
        onReady();
        resolve();
      };
      begun = start(settings, lane, tell, whenReady, [file]);
      if (!begun) resolve();
    });
    return begun;
  });
  const held = jest.spyOn(Lane.prototype, 'give').mockImplementation(function (this: Lane, order) {
    void areReady.then(() => realLaneGive.call(this, order));
  });
  const client = connect(options.servers ? options : { port: proxy.port, ...options });
  const results: DownloadResult[] = [];
  const progress = newProgress();
  try {
    await client.download([what], { output, progress, onResult: (result) => results.push(result) });
    const bytes = results.reduce((sum, { size = 0, outcome }) => sum + (outcome === 'failed' ? 0 : size), 0);
    expect(progress).toMatchObject({
      bytesDone: bytes,
      imagesDone: results.length,
      imagesTotal: results.length,
    });
  } finally {
    client.close();
    started.mockRestore();
    held.mockRestore();
  }
  return results;
}

const ordered = (kind: Order['kind']) => give.mock.calls.filter(([order]) => order.kind === kind).length;
const failedOf = (results: readonly DownloadResult[]) =>
  results.filter(({ outcome }) => outcome !== 'downloaded').map(({ name, code }) => [name, code]);

/** Names of images of `folder` that are not here as they should be, and whatever else lies in the output folder. */
async function differing(folder: string): Promise<string[]> {
  const names = [...images.keys()].filter((name) => name.startsWith(folder));
  const found = await Promise.all(names.map((name) => readFile(join(output, name)).catch(() => undefined)));
  const differ = names.filter((name, i) => !found[i]?.equals(images.get(name)!));
  const work = await readdir(join(output, '.reso')).catch(() => []);
  return [...differ, ...work.filter((name) => name !== 'index')];
}

test.each(['small/', 'photos/', 'large/'])(
  '%s comes in threads, and is what the server has',
  async (what) => {
    const results = await download(what);
    expect(failedOf(results)).toEqual([]);
    const kind = ({ 'small/': 'fetch', 'photos/': 'whole', 'large/': 'stripe' } as const)[what]!;
    expect(ordered(kind)).toBeGreaterThan(0);
    expect(await differing(what)).toEqual([]);
  },
);

test.each(['small/', 'photos/', 'large/'])(
  '%s comes in threads from two servers, and from the one that is left when the other dies',
  async (what) => {
    const copy = join(base, 'copy');
    await cp(join(base, 'images'), copy, { recursive: true });
    const second = await serve({ folder: copy, port: 0, host: '127.0.0.1' });
    const dying = await FaultProxy.start({ port: second.port });
    try {
      const servers = [proxy, dying].map(({ port }) => ({ host: '127.0.0.1', port }));
      // Without digests, replicas deliver a large image over one connection.
      for (const { port } of servers) {
        const one = connect({ port });
        for (const name of images.keys()) if (name.startsWith(what)) await one.digests(name);
        one.close();
      }
      const before = dying.bytes;
      const received = () => dying.bytes - before;
      dying.always({ fromServer: { bytesPerSecond: 20 * MIB } });
      const dead = waitFor(() => give.mock.calls.length > 0 && received() > MIB).then(() => dying.close());
      const results = await download(what, thread, { servers });
      await dead;
      expect(failedOf(results)).toEqual([]);
      expect(give).toHaveBeenCalled();
      expect(await differing(what)).toEqual([]);
      const bytes = results.reduce((sum, { size = 0 }) => sum + size, 0);
      const came = results.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
      expect(came - bytes).toBeLessThan(4 * MIB);
    } finally {
      await dying.close();
      await second.close({ grace: 0 });
      await rm(copy, { recursive: true });
    }
  },
);

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

test('what comes to lie in the place of an image while it is on its way stays, and is told', async () => {
  const others: string[] = [];
  give.mockImplementation(function (this: LaneThread, order) {
    const name = order.kind === 'fetch' ? order.names[0]! : '';
    if (name !== '') {
      writeFileSync(join(output, name), 'another');
      others.push(name);
    }
    return realGive.call(this, order);
  });
  const results = await download('small/');
  expect(others.length).toBeGreaterThan(0);
  expect(failedOf(results).sort()).toEqual(others.map((name) => [name, 'EXISTS']).sort());
  for (const name of others) expect(await readFile(join(output, name), 'utf8')).toBe('another');
});

const DYING: Readonly<Record<string, string>> = {
  'at once': 'throw new Error("no")',
  'before it answers': 'parentPort.postMessage(undefined); parentPort.on("message", () => process.exit())',
  'of a lack of memory': `parentPort.postMessage(undefined);
    parentPort.on("message", () => { const all = []; for (;;) all.push(new Array(1e5).fill(0.5)); })`,
};

describe.each(Object.entries(DYING))('a thread that dies %s costs nothing', (_, program) => {
  test.each(['small/', 'photos/', 'large/'])('%s', async (what) => {
    const file = join(base, 'dying.js');
    await writeFile(file, `const { parentPort } = require('node:worker_threads');\n${program}`);
    expect(failedOf(await download(what, file))).toEqual([]);
    expect(await differing(what)).toEqual([]);
  });
});

test('threads that can not be had are done without', async () => {
  // Worker refuses a path of this kind by an error at once, as it does where memory or threads are used up.
  expect(failedOf(await download('small/', 'package.json'))).toEqual([]);
  expect(await differing('small/')).toEqual([]);
});

test.each(['small/', 'photos/', 'large/'])(
  '%s comes whole where connections are cut again and again',
  async (what) => {
    proxy.cutAfter(...Array.from({ length: 12 }, (_, i) => (1 + (i % 4)) * MIB));
    const results = await download(what);
    expect(failedOf(results)).toEqual([]);
    expect(proxy.connections).toBeGreaterThan(5);
    expect(await differing(what)).toEqual([]);
  },
);

/** Calls `act` before the first thread gets its first order, and so before any thread connects. */
function atFirstOrder(act: () => void): void {
  give.mockImplementationOnce(function (this: LaneThread, order) {
    act();
    return realGive.call(this, order);
  });
}

test.each(['small/', 'photos/', 'large/'])(
  '%s comes by the others where one thread gets no connection',
  async (what) => {
    const none = { fromServer: { cutAfter: 0 } };
    // From then on, only threads connect: the first one, another one, and whichever is given work without a connection.
    atFirstOrder(() => proxy.next(none, {}, ...Array.from({ length: 1000 }, () => none)));
    const results = await download(what, thread, { connections: 3, retries: 0 });
    expect(failedOf(results)).toEqual([]);
    // The server may leave the first few to the regular path.
    expect(ordinary.mock.calls.length).toBeLessThan(what === 'small/' ? 60 : 2);
    expect(run.mock.calls.length).toBeLessThan(what === 'small/' ? 60 : 1);
    expect(proxy.connections).toBeGreaterThan(2);
    expect(await differing(what)).toEqual([]);
  },
);

test('what no thread can begin comes by the connections of this thread, and counts as another attempt', async () => {
  atFirstOrder(() => proxy.always({ fromServer: { cutAfter: 0 } }));
  const [result] = await download('large/', thread, { connections: 3 });
  expect(result).toMatchObject({ outcome: 'downloaded', bytesReceived: 70 * MIB + 7 });
  expect(result!.attempts).toBeGreaterThan(1);
  expect(result!.resumedFrom).toBeGreaterThan(MIB);
  expect(run).not.toHaveBeenCalled();
  expect(await differing('large/')).toEqual([]);
});

test('a server that is stopped while a large image comes delivers the rest, and is asked for its digest once', async () => {
  const requests: unknown[] = [];
  const info = (_: string, fields?: LogFields) => void requests.push(fields?.request);
  const log = { ...silentLog, info };
  const stopping = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1', log });
  const relay = await FaultProxy.start({ port: stopping.port });
  try {
    // Connections of the threads that are not open by then are refused.
    const stopped = waitFor(() => give.mock.calls.length > 0).then(() => stopping.close({ grace: 10 }));
    const results = await download('large/', thread, { port: relay.port, retries: 0 });
    await stopped;
    expect(failedOf(results)).toEqual([]);
    expect(run).not.toHaveBeenCalled();
    expect(await differing('large/')).toEqual([]);
    expect(requests.filter((request) => request === 'DIGESTS')).toHaveLength(1);
  } finally {
    await relay.close();
    await stopping.close({ grace: 0 });
  }
});

test('a digest that was damaged on the way costs one attempt', async () => {
  // One that does not know the digest yet.
  const fresh = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
  let answers = 0;
  const damaged = jest.spyOn(Channel.prototype, 'request').mockImplementation(async function (
    this: Channel,
    ...[type, ...others]: Parameters<typeof realRequest>
  ) {
    const answer = await realRequest.call(this, type, ...others);
    if (type !== MessageType.PROOF || answers++ > 0) return answer;
    return { ...(answer as Proof), sha256: '0'.repeat(64) };
  });
  try {
    const results = await download('large/', thread, { port: fresh.port, retries: 1 });
    expect(failedOf(results)).toEqual([]);
    expect(results[0]!.attempts).toBe(2);
    expect(await differing('large/')).toEqual([]);
  } finally {
    damaged.mockRestore();
    await fresh.close({ grace: 0 });
  }
});

test('a photograph that was cut is gone on with, from where it was cut', async () => {
  proxy.cutAfter(Number.MAX_SAFE_INTEGER, 2.5 * MIB, 2.5 * MIB, 2.5 * MIB);
  const results = await download('photos/');
  expect(failedOf(results)).toEqual([]);
  expect(Math.max(...results.map(({ resumedFrom }) => resumedFrom))).toBeGreaterThanOrEqual(MIB);
  expect(await differing('photos/')).toEqual([]);
});

test.each(['small/', 'photos/', 'large/'])(
  '%s: bits that were turned on the way are not placed',
  async (what) => {
    proxy.flipAt(...Array.from({ length: 4 }, () => 1_700_000));
    expect(failedOf(await download(what))).toEqual([]);
    expect(await differing(what)).toEqual([]);
  },
);

test('where bytes are limited, or there is one connection, no thread is begun', async () => {
  for (const options of [{ bytesPerSecond: 500_000_000 }, { connections: 1 }]) {
    expect(failedOf(await download('small/', thread, options))).toEqual([]);
    expect(give).not.toHaveBeenCalled();
    expect(await differing('small/')).toEqual([]);
    await rm(output, { recursive: true });
  }
});

test('a few images are not worth a thread', async () => {
  const worth = { ...WORTH_THREADS };
  Object.assign(WORTH_THREADS, { images: SMALL + 1, bytes: 96 * MIB });
  try {
    expect(failedOf(await download('small/'))).toEqual([]);
    expect(give).not.toHaveBeenCalled();
  } finally {
    Object.assign(WORTH_THREADS, worth);
  }
});

test('the connections that threads had are there again for the next download', async () => {
  const lent = jest.spyOn(Pool.prototype, 'lend');
  const returned = jest.spyOn(Pool.prototype, 'takeBack');
  const sum = (spy: typeof lent) => spy.mock.calls.reduce((all, [connections]) => all + connections, 0);
  await download('small');
  expect(sum(lent)).toBeGreaterThan(0);
  expect(sum(returned)).toBe(sum(lent));
});
