import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { serve, type ServeHandle } from '../../index';
import { connect } from '../connect';
import type { DownloadResult } from '../result';
import type { Batch } from './batch';
import { buildThread } from './fixtures/built-thread';
import { ImageWorker } from './image-worker';

const IMAGES = 1000;
const LARGE = 'large.tif';
const large = randomBytes(70 * 1_048_576);

let base: string;
let worker: string;
let output: string;
let server: ServeHandle;
const images = new Map<string, Buffer>();
const start = ImageWorker.start.bind(ImageWorker);
const realPlace = ImageWorker.prototype.place;
const place = jest.spyOn(ImageWorker.prototype, 'place');

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'reso-')));
  output = join(base, 'out');
  worker = buildThread(base);
  await mkdir(join(base, 'images', 'a'), { recursive: true });
  for (let i = 0; i < IMAGES; i++) {
    const [name, bytes] = [`a/${String(i).padStart(4, '0')}.jpg`, randomBytes(20_000 + 10 * i)];
    images.set(name, bytes);
    await writeFile(join(base, 'images', name), bytes);
  }
  await writeFile(join(base, 'images', LARGE), large);
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

beforeEach(async () => {
  await rm(output, { recursive: true, force: true });
  place.mockReset().mockImplementation(realPlace);
});

/** The results of a download, with `file` as the thread's program. */
async function download(file: string, pattern = 'a/'): Promise<DownloadResult[]> {
  const started = jest.spyOn(ImageWorker, 'start').mockImplementation(() => start([file]));
  // Slow enough for the thread to begin before all is here.
  const client = connect({ port: server.port, bytesPerSecond: pattern === LARGE ? undefined : 40_000_000 });
  const results: DownloadResult[] = [];
  try {
    await client.download([pattern], { output, onResult: (result) => results.push(result) });
    expect(started).toHaveBeenCalledTimes(1);
  } finally {
    client.close();
    started.mockRestore();
  }
  return results;
}

const carriedOut = async () => {
  const answers = await Promise.all(place.mock.results.map(({ value }) => value as Promise<boolean>));
  return answers.filter((isDone) => isDone).length;
};

async function differing(): Promise<string[]> {
  const names = [...images.keys()];
  const found = await Promise.all(names.map((name) => readFile(join(output, name)).catch(() => undefined)));
  return names.filter((name, i) => !found[i]?.equals(images.get(name)!));
}

test('the thread places most images, and they are what the server has', async () => {
  const results = await download(worker);
  expect(results.filter(({ outcome }) => outcome !== 'downloaded')).toEqual([]);
  expect(await carriedOut()).toBeGreaterThan(0);
  expect(await differing()).toEqual([]);
  expect((await readdir(join(output, 'a'))).length).toBe(IMAGES);
});

test('what comes to lie in the place of an image while it is on its way stays, and is told', async () => {
  const others: string[] = [];
  place.mockImplementation(function (this: ImageWorker, order) {
    if (place.mock.calls.length % 100 === 50) {
      writeFileSync(order.target, 'another');
      others.push(order.target);
    }
    return realPlace.call(this, order);
  });
  const results = await download(worker);
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  expect(others.length).toBeGreaterThan(0);
  expect(failed.map(({ name, code }) => [join(output, name), code]).sort()).toEqual(
    others.map((path) => [path, 'EXISTS']).sort(),
  );
  for (const path of others) expect(await readFile(path, 'utf8')).toBe('another');
});

test('bytes that are overwritten on their way to the thread are not placed', async () => {
  place.mockImplementation(function (this: ImageWorker, order) {
    return realPlace.call(this, { ...order, sha256: '0'.repeat(64) });
  });
  const results = await download(worker);
  expect(results.filter(({ outcome }) => outcome !== 'downloaded')).toEqual([]);
  expect(place.mock.calls.length).toBeGreaterThan(0);
  expect(await carriedOut()).toBe(0);
  expect(await differing()).toEqual([]);
});

const DYING: Readonly<Record<string, string>> = {
  'at once': 'throw new Error("no")',
  'before it answers': 'parentPort.postMessage([]); parentPort.on("message", () => process.exit())',
  'of a lack of memory': `parentPort.postMessage([]);
    parentPort.on("message", () => { const all = []; for (;;) all.push(new Array(1e5).fill(0.5)); })`,
};

async function startDying(program: string): Promise<string> {
  const file = join(base, 'dying.js');
  await writeFile(file, `const { parentPort } = require('node:worker_threads');\n${program}`);
  return file;
}

test.each(Object.entries(DYING))('a thread that dies %s costs nothing', async (_, program) => {
  const results = await download(await startDying(program));
  expect(results.filter(({ outcome }) => outcome !== 'downloaded')).toEqual([]);
  expect(await differing()).toEqual([]);
});

test('the thread hashes a large image', async () => {
  const digest = jest.spyOn(ImageWorker.prototype, 'digest');
  const results = await download(worker, LARGE);
  const sha256 = createHash('sha256').update(large).digest('hex');
  expect(results).toMatchObject([{ name: LARGE, outcome: 'downloaded', sha256 }]);
  expect(await Promise.all(digest.mock.results.map(({ value }) => value as Promise<string>))).toEqual([
    sha256,
  ]);
  expect((await readFile(join(output, LARGE))).equals(large)).toBe(true);
  digest.mockRestore();
});

const LATER = `let left = 20;
  parentPort.postMessage([]);
  parentPort.on("message", () => --left === 0 ? process.exit() : parentPort.postMessage(Array(64).fill(true)))`;

test.each([...Object.entries(DYING), ['later', LATER]])(
  'one that dies %s costs a large image no more than to be read',
  async (_, program) => {
    const results = await download(await startDying(program), LARGE);
    expect(results).toMatchObject([{ name: LARGE, outcome: 'downloaded' }]);
    expect((await readFile(join(output, LARGE))).equals(large)).toBe(true);
  },
);

test('of bytes that lie in no shared memory only they themselves are handed over', async () => {
  const imageWorker = start([worker])!;
  const post = jest.spyOn(Worker.prototype, 'postMessage');
  const bytes = randomBytes(500_000);
  const stream = imageWorker.newStream();
  await imageWorker.hash(stream, bytes.subarray(1000, 2000));
  const digest = createHash('sha256').update(bytes.subarray(1000, 2000)).digest('hex');
  expect(await imageWorker.digest(stream)).toBe(digest);
  const batches = post.mock.calls.map(([batch]) => batch as Batch);
  expect(batches.flatMap((batch) => batch.bytes.map(({ buffer }) => buffer.byteLength))).toEqual([1000]);
  post.mockRestore();
  imageWorker.close();
});

test('a thread that can not be had is done without', async () => {
  // Worker refuses a path of this kind by an error at once, as it does where memory or threads are used up.
  const results = await download('package.json');
  expect(results.filter(({ outcome }) => outcome !== 'downloaded')).toEqual([]);
  expect(await differing()).toEqual([]);
});
