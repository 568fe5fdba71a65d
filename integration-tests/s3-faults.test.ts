import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, serve, type DownloadResult, type ServeHandle } from '../src';
import { encode, MessageType } from '../src/protocol';
import { RawClient, type Unpacked } from '../src/server/fixtures/raw-client';
import { FaultProxy } from '../src/testing';
import { Ceph, type TestBucket } from './support/ceph';
import { S3Proxy, type S3Fault, type S3Request } from './support/s3-proxy';
import { Scratch } from './support/scratch';

/** One that comes in a pack, one by GET in one part, and one in several. */
const IMAGES = {
  'small.jpg': randomBytes(20_000),
  'medium.png': randomBytes(260_000),
  'large.tif': randomBytes(4_000_000),
};
type Name = keyof typeof IMAGES;
const NAMES = Object.keys(IMAGES) as Name[];

let ceph: Ceph;
let bucket: TestBucket;

beforeAll(async () => {
  ceph = await Ceph.start();
  Object.assign(process.env, ceph.environment);
  bucket = await ceph.makeBucket('faults');
  await bucket.putAll(Object.entries(IMAGES));
});
afterAll(() => ceph?.[Symbol.asyncDispose]());

/** A server that reads through a proxy, and its client. */
class Bed implements AsyncDisposable {
  readonly warnings: string[];
  readonly handle: ServeHandle;
  readonly #scratch: Scratch;

  private constructor(handle: ServeHandle, warnings: string[], scratch: Scratch) {
    this.handle = handle;
    this.warnings = warnings;
    this.#scratch = scratch;
  }

  static async start(endpoint: string): Promise<Bed> {
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    const where = { host: '127.0.0.1', port: 0, http: { port: 0, noRender: true } };
    const handle = await serve({ folder: bucket.url, s3Endpoint: endpoint, onWarning, ...where });
    await handle.survey();
    return new Bed(handle, warnings, await Scratch.make());
  }

  /** Downloads into a new folder, and looks at what is there. */
  async download(names: readonly Name[] = NAMES, retries = 0): Promise<DownloadResult[]> {
    const output = await this.#scratch.folder(randomBytes(8).toString('hex'));
    const client = connect({ port: this.handle.port, retries, timeout: 60 });
    const results: DownloadResult[] = [];
    try {
      await client.download([...names], { output, onResult: (one) => results.push(one) });
    } catch {
      // The results say what went wrong.
    } finally {
      client.close();
    }
    const done = results.filter(({ outcome }) => outcome === 'downloaded').map(({ name }) => name);
    const found = readdirSync(output).filter((name) => name !== '.reso');
    expect(found.sort()).toEqual(done.sort());
    for (const name of done)
      expect((await readFile(join(output, name))).equals(IMAGES[name as Name])).toBe(true);
    return results;
  }

  async list(): Promise<number> {
    const client = connect({ port: this.handle.port, retries: 0, timeout: 60 });
    try {
      let count = 0;
      for await (const entry of client.list()) count += entry.name === '' ? 0 : 1;
      return count;
    } finally {
      client.close();
    }
  }

  async isReady(): Promise<number> {
    return (await fetch(`${this.handle.galleries[0]}readyz`)).status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close({ grace: 0 });
    await this.#scratch[Symbol.asyncDispose]();
  }
}

function once(fault: S3Fault): (request: S3Request) => S3Fault | undefined {
  const seen = new Set<string>();
  return ({ isList, url }) => {
    if (isList || seen.has(url)) return undefined;
    seen.add(url);
    return fault;
  };
}

const FAULTS: [string, S3Fault, string][] = [
  ['throttled', { status: 503, code: 'SlowDown' }, 'BUSY'],
  ['answered by 500', { status: 500, code: 'InternalError' }, 'UNAVAILABLE'],
  ['cut before its first byte', { cutAfter: 0 }, 'UNAVAILABLE'],
  ['cut in the middle', { cutAfter: 10_000 }, 'UNAVAILABLE'],
  ['shorter than it says', { shorten: 100 }, 'UNAVAILABLE'],
  ['an error with status 200', { body: '<Error><Code>InternalError</Code></Error>' }, 'UNAVAILABLE'],
];

test.each(FAULTS)('each answer is once %s: everything is downloaded', async (_, fault) => {
  await using proxy = await S3Proxy.start(ceph);
  await using bed = await Bed.start(proxy.endpoint);
  proxy.fault = once(fault);
  const results = await bed.download();
  const downloaded = { outcome: 'downloaded', code: null };
  expect(results.map(({ outcome, code = null }) => ({ outcome, code }))).toEqual([
    downloaded,
    downloaded,
    downloaded,
  ]);
  expect(bed.warnings).toEqual([]);
});

test.each(FAULTS)(
  'each answer is always %s: nothing is downloaded, and the client may try again',
  async (_, fault, code) => {
    await using proxy = await S3Proxy.start(ceph);
    await using bed = await Bed.start(proxy.endpoint);
    proxy.fault = ({ isList }) => (isList ? undefined : fault);
    for (const name of NAMES) expect(await bed.download([name])).toMatchObject([{ outcome: 'failed', code }]);
    proxy.fault = () => undefined;
    expect(await bed.download()).toHaveLength(3);
  },
);

test('an image that breaks off far behind its start is continued by the server', async () => {
  await using proxy = await S3Proxy.start(ceph);
  await using bed = await Bed.start(proxy.endpoint);
  let requests = 0;
  proxy.fault = ({ isList }) => (!isList && ++requests % 2 === 0 ? { cutAfter: 100_000 } : undefined);
  expect(await bed.download(['large.tif'])).toMatchObject([{ outcome: 'downloaded' }]);
});

test('an answer that stops: the server asks again', async () => {
  await using proxy = await S3Proxy.start(ceph);
  await using bed = await Bed.start(proxy.endpoint);
  proxy.fault = once({ stallAfter: 5000 });
  expect(await bed.download(['small.jpg'])).toMatchObject([{ outcome: 'downloaded' }]);
});

test.each<[string, S3Fault]>([
  ['an error with status 200', { body: '<Error><Code>InternalError</Code></Error>' }],
  ['empty', { body: '' }],
  ['something else', { body: '<html><body>Welcome!</body></html>' }],
  ['cut in the middle', { cutAfter: 300 }],
  ['shorter than it should be', { shorten: 200 }],
  ['answered by 500', { status: 500, code: 'InternalError' }],
])('a list that is %s never passes for a bucket with fewer images', async (_, fault) => {
  await using proxy = await S3Proxy.start(ceph);
  await using bed = await Bed.start(proxy.endpoint);
  proxy.fault = ({ isList }) => (isList ? fault : undefined);
  await expect(bed.list()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  proxy.fault = () => undefined;
  expect(await bed.list()).toBe(3);
});

test('a client is told that its GET and its FETCH are worked on, as long as the store keeps them waiting', async () => {
  await using proxy = await S3Proxy.start(ceph);
  const where = { host: '127.0.0.1', port: 0, timeouts: { working: 50 } };
  const handle = await serve({ folder: bucket.url, s3Endpoint: proxy.endpoint, ...where });
  await handle.survey();
  const clients = [await RawClient.greeted(handle.port), await RawClient.greeted(handle.port)];
  try {
    let answer = () => {};
    const after = new Promise<void>((resolve) => (answer = resolve));
    proxy.fault = ({ isList }) => (isList ? undefined : { after });
    clients[0]!.send(encode.get(1, { name: 'medium.png' }));
    clients[1]!.send(encode.fetch(1, { images: [{ name: 'small.jpg' }] }));
    for (const client of clients) {
      const told = () => client.frames.filter(({ type, id }) => type === MessageType.WORKING && id === 1);
      await client.until(() => told().length >= 3);
      expect(client.frames).toHaveLength(told().length);
    }
    answer();
    const { bytes } = await clients[0]!.delivered(1);
    const [[packed]] = (await clients[1]!.packs(1)) as [[Unpacked]];
    expect(bytes.equals(IMAGES['medium.png'])).toBe(true);
    expect(packed.bytes.equals(IMAGES['small.jpg'])).toBe(true);
  } finally {
    for (const { socket } of clients) socket.destroy();
    await handle.close({ grace: 0 });
  }
});

test('a store that hangs is away, quickly for all who come later, and comes back', async () => {
  await using proxy = await FaultProxy.start(ceph);
  await using bed = await Bed.start(`http://${proxy.address}`);
  expect(await bed.isReady()).toBe(200);
  proxy.stall();
  expect(await bed.download(['large.tif'])).toMatchObject([{ outcome: 'failed', code: 'UNAVAILABLE' }]);
  const began = performance.now();
  expect(await bed.download(['small.jpg'])).toMatchObject([{ outcome: 'failed', code: 'UNAVAILABLE' }]);
  expect(await bed.isReady()).toBe(503);
  expect(performance.now() - began).toBeLessThan(15_000);
  proxy.resume();
  expect(await bed.download()).toHaveLength(3);
  expect(await bed.isReady()).toBe(200);
  expect(bed.warnings).toEqual([
    expect.stringMatching(
      /^s3:\/\/faults\/ can't be read: .*Nothing is served until it can be read again\.$/,
    ),
    's3://faults/ can be read again.',
  ]);
});

test('a store that is gone', async () => {
  const proxy = await FaultProxy.start(ceph);
  await using bed = await Bed.start(`http://${proxy.address}`);
  await proxy.close();
  for (const name of NAMES)
    expect(await bed.download([name])).toMatchObject([{ outcome: 'failed', code: 'UNAVAILABLE' }]);
  await expect(bed.list()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await bed.isReady()).toBe(503);
});
