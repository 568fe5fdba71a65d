import { hash } from 'node:crypto';
import { openCatalog } from '../src/catalog';
import { describeStore } from '../src/stores/fixtures/store-contract';
import type { ImageStore } from '../src/stores';
import type { ResoError } from '../src/errors';
import { openS3, type S3Options } from '../src/stores';
import { Ceph, type TestBucket } from './support/ceph';
import { S3Proxy } from './support/s3-proxy';

let ceph: Ceph;
let bucket: TestBucket;
const opened: ImageStore[] = [];

beforeAll(async () => {
  ceph = await Ceph.start();
  Object.assign(process.env, ceph.environment);
  bucket = await ceph.makeBucket('contract');
});
afterAll(() => ceph?.[Symbol.asyncDispose]());
beforeEach(() => bucket.empty());
afterEach(() => opened.splice(0).forEach((store) => store.close()));

async function open(url: string, options: S3Options = {}): Promise<ImageStore> {
  const store = await openS3(url, { endpoint: ceph.endpoint, ...options });
  opened.push(store);
  return store;
}

describe.each(['', 'some/folder/'])('below the prefix %j', (prefix) => {
  describeStore(() => ({
    put: (name, bytes) => bucket.put(prefix + name, bytes),
    remove: (name) => bucket.remove(prefix + name),
    open: (options) => open(`${bucket.url}/${prefix}`, options),
  }));
});

describe('keys that can be no names', () => {
  const HOSTILE = [
    '/absolute.jpg',
    'a//b.jpg',
    '../up.jpg',
    'a/../b.jpg',
    'a/./b.jpg',
    'folder/',
    'folder.jpg/',
    '//',
    `${'x'.repeat(300)}.jpg`,
  ];

  test('are left out, counted and named', async () => {
    for (const key of HOSTILE) await bucket.put(key, 'image');
    await bucket.put('good.jpg', 'image');
    const store = await open(bucket.url);
    const scan = store.scan();
    const names: string[] = [];
    for await (const batch of scan.batches) names.push(...batch.map(({ name }) => name));
    expect(names).toEqual(['good.jpg']);
    expect(scan.leftOut).toMatchObject({ badName: HOSTILE.length, hidden: 0, notImage: 0 });
    expect(scan.leftOutNames.badName).toHaveLength(3);
    for (const key of HOSTILE) await expect(store.open(key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('names of an image and of a folder at once are counted, in a single warning', async () => {
    for (const key of ['a.jpg', 'a.jpg!.jpg', 'a.jpg-1.jpg', 'b.jpg/1.jpg', 'c.jpg', 'd.jpg', 'e.jpg'])
      await bucket.put(`in/${key}`, 'image');
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    const store = await open(`${bucket.url}/in`, { keysPerPage: 2, onWarning });
    const count = async () => {
      let found = 0;
      for await (const batch of store.scan().batches) found += batch.length;
      return found;
    };
    expect(await count()).toBe(7);
    expect(warnings).toEqual([]);
    for (const key of ['a.jpg/1.jpg', 'b.jpg', 'c.jpg/1.jpg', 'c.jpg/2.jpg'])
      await bucket.put(`in/${key}`, 'image');
    // It is read in parts now.
    expect(await count()).toBe(11);
    expect(await count()).toBe(11);
    expect(warnings).toEqual([expect.stringMatching(/^3 images .* such as (\w\.jpg) and \1\/…/)]);
  });

  test('a prefix is a folder: what only begins like it is outside', async () => {
    for (const key of ['pre/', 'pre/in.jpg', 'prefix.jpg', 'pre-old/out.jpg', 'pre//x.jpg', 'pre.jpg'])
      await bucket.put(key, 'image');
    const store = await open(`${bucket.url}/pre`);
    const scan = store.scan();
    const names: string[] = [];
    for await (const batch of scan.batches) names.push(...batch.map(({ name }) => name));
    expect(names).toEqual(['in.jpg']);
    expect(scan.leftOut).toMatchObject({ badName: 1 });
    for (const name of ['/x.jpg', '../prefix.jpg', '../pre.jpg'])
      await expect(store.open(name)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('requests', () => {
  let proxy: S3Proxy;
  beforeEach(async () => (proxy = await S3Proxy.start(ceph)));
  afterEach(() => proxy[Symbol.asyncDispose]());

  test('one for an image of up to 256 KiB, none for a list, and none for what can be no image', async () => {
    await bucket.put('a.jpg', Buffer.alloc(262_144, 'a'));
    const store = await open(bucket.url, { endpoint: proxy.endpoint });
    const before = proxy.requests.length;
    const image = await store.open('a.jpg');
    const target = Buffer.alloc(300_000);
    expect(await image.read(target, 0, target.length, 0)).toBe(262_144);
    await image.close();
    expect(proxy.requests.slice(before).map(({ method }) => method)).toEqual(['GET']);
    await expect(store.readWhole!('a.jpg', Buffer.alloc(262_144))).resolves.toMatchObject({ size: 262_144 });
    expect(proxy.requests).toHaveLength(before + 2);
    for (const name of ['../a.jpg', 'note.txt', 'a//b.jpg']) await store.open(name).catch(() => undefined);
    expect(proxy.requests).toHaveLength(before + 2);
    expect(proxy.requests.slice(before).some(({ isList }) => isList)).toBe(false);
  });

  test('a part of a large image takes one, at whatever place it begins', async () => {
    await bucket.put('large.tif', Buffer.alloc(5_000_000, 'a'));
    const store = await open(bucket.url, { endpoint: proxy.endpoint });
    const before = proxy.requests.length;
    const image = await store.open('large.tif', 3_000_000);
    expect(await image.read(Buffer.alloc(200_000), 0, 200_000, 3_000_000)).toBe(200_000);
    await image.close();
    // One more may be on its way ahead of the reader.
    expect(proxy.objectRequests - before).toBeLessThanOrEqual(3);
    expect(proxy.requests[before]).toMatchObject({ method: 'GET' });
  });

  test('the second list of many keys is read in parts at the same time, and is the same', async () => {
    const names = Array.from({ length: 450 }, (_, i) => `${'abc'[i % 3]}/${i}.jpg`);
    await bucket.putAll(names.map((name) => [name, Buffer.from('x')] as const));
    const store = await open(bucket.url, { endpoint: proxy.endpoint, keysPerPage: 50 });
    const listed = async () => {
      const found: string[] = [];
      for await (const batch of store.scan().batches) found.push(...batch.map(({ name }) => name));
      return found.sort();
    };
    const first = await listed();
    expect(first).toEqual([...names].sort());
    await bucket.put('aa.jpg', 'x');
    await bucket.put('zz.jpg', 'x');
    await bucket.remove('a/0.jpg');
    proxy.requests.length = 0;
    const second = await listed();
    expect(second).toEqual([...names.filter((name) => name !== 'a/0.jpg'), 'aa.jpg', 'zz.jpg'].sort());
    const starts = new Set(
      proxy.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('start-after')),
    );
    expect(starts.size).toBe(proxy.requests.length);
    expect(proxy.mostAtOnce).toBeGreaterThan(1);
  });
});

describe('a SHA-256 in the metadata', () => {
  const DIGEST = 'a'.repeat(64);

  test.each([
    ['in hex', DIGEST],
    ['in base64', Buffer.from(DIGEST, 'hex').toString('base64')],
    ['in capitals', DIGEST.toUpperCase()],
  ])('%s is claimed', async (_, sha256) => {
    await bucket.put('a.jpg', 'image', { Metadata: { sha256 } });
    expect((await (await open(bucket.url)).stat('a.jpg')).sha256).toBe(DIGEST);
  });

  test.each(['', 'nonsense', `${DIGEST}0`, 'g'.repeat(64)])('%j is not', async (sha256) => {
    await bucket.put('a.jpg', 'image', { Metadata: { sha256 } });
    expect((await (await open(bucket.url)).stat('a.jpg')).sha256).toBeUndefined();
  });

  test('answers who checks it, nobody else, and nobody once the image has been read', async () => {
    await bucket.put('a.jpg', 'image', { Metadata: { sha256: DIGEST } });
    const catalog = await openCatalog({ store: await open(bucket.url) });
    expect((await catalog.stat('a.jpg')).sha256).toBeUndefined();
    const query = { name: 'a.jpg', blockSize: 1_048_576, first: 0, count: 0, mayBeClaimed: true } as const;
    expect((await catalog.digests(query)).sha256).toBe(DIGEST);
    const target = Buffer.alloc(5);
    const truth = hash('sha256', 'image');
    // Otherwise one image could pass for another where only the digest counts: in the cache of thumbnails.
    expect((await catalog.digests({ ...query, mayBeClaimed: undefined })).sha256).toBe(truth);
    expect((await catalog.readWhole('a.jpg', target))?.sha256).toBe(truth);
    expect((await catalog.stat('a.jpg')).sha256).toBe(truth);
    expect((await catalog.digests(query)).sha256).toBe(truth);
    await catalog.close();
  });
});

test.each<[string, (url: string) => string, S3Options, RegExp]>([
  ['a bucket that is not there', () => 's3://no-such-bucket', {}, /there is no|NoSuchBucket/],
  ['nobody there', (url) => url, { endpoint: 'http://127.0.0.1:9' }, /refused/i],
])('%s is said at the start', async (_, urlFor, options, message) => {
  const error = await open(urlFor(bucket.url), options).catch((error: unknown) => error as ResoError);
  expect(error).toMatchObject({ code: 'FOLDER' });
  expect((error as ResoError).message).toMatch(message);
});

test('wrong credentials are said at the start', async () => {
  const { AWS_SECRET_ACCESS_KEY: secret } = process.env;
  process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
  try {
    await expect(open(bucket.url)).rejects.toMatchObject({
      code: 'FOLDER',
      message: expect.stringContaining('SignatureDoesNotMatch') as string,
    });
  } finally {
    process.env.AWS_SECRET_ACCESS_KEY = secret;
  }
});

test.each(['s3://', 's3:///prefix', 's3://b/a//b', 's3://bucket/../x', 's3://bu cket/x'])(
  '%s is refused',
  async (url) => {
    await expect(open(url)).rejects.toMatchObject({ code: 'USAGE' });
  },
);
