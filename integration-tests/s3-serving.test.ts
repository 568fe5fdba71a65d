import { hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { Network, type StartedNetwork } from 'testcontainers';
import { connect, type DownloadResult } from '../src';
import { formatLockEntry, LOCK_HEADER, type LockEntry } from '../src/lock';
import { compareNames } from '../src/names';
import { encode } from '../src/protocol';
import { areIdentical, MIB } from './support/generated-images';
import { Ceph, type TestBucket } from './support/ceph';
import { HardenedServer } from './support/hardened-container';
import { peakMemoryDuring } from './support/peak-memory';
import { Scratch } from './support/scratch';
import { REPOSITORY } from './support/checkout';

const SAMPLES = join(REPOSITORY, 'images');
const NAMES = readdirSync(SAMPLES).filter((name) => /\.(jpg|png|svg|webp)$/.test(name));
const PHOTO = NAMES.find((name) => name.endsWith('.jpg'))!;
const HTTP_PORT = 8080;

let network: StartedNetwork;
let ceph: Ceph;
let bucket: TestBucket;

beforeAll(async () => {
  network = await new Network().start();
  ceph = await Ceph.start({ network, alias: 's3.test', buckets: ['photos'] });
  bucket = await ceph.makeBucket('photos');
  for (const name of NAMES) await bucket.put(`album/${name}`, readFileSync(join(SAMPLES, name)));
});
afterAll(async () => {
  await ceph?.[Symbol.asyncDispose]();
  await network?.stop();
});

function newServer(environment: Record<string, string>): HardenedServer {
  const endpoint = { RESO_FOLDER: 's3://photos/album', RESO_S3_ENDPOINT: 'http://s3.test:7480' };
  return new HardenedServer()
    .withAlias(network, 'server')
    .withState()
    .withCache()
    .withExposedPorts(HTTP_PORT)
    .withEnvironment({ ...ceph.environment, ...endpoint, ...environment });
}

test.each([
  ['in the path', {}],
  ['in the host name', { RESO_S3_VIRTUAL_HOST: '1' }],
])('the server’s container serves a bucket %s: downloads, gallery, renditions', async (_, environment) => {
  await using server = await newServer(environment).start();
  await using scratch = await Scratch.make();
  const output = await scratch.folder('out');
  const client = connect({ host: server.getHost(), port: server.getPort() });
  const results: DownloadResult[] = [];
  try {
    await client.download(NAMES, { output, onResult: (one) => results.push(one) });
  } finally {
    client.close();
  }
  expect(results.map(({ outcome }) => outcome)).toEqual(NAMES.map(() => 'downloaded'));
  for (const name of NAMES) expect(await areIdentical(join(output, name), join(SAMPLES, name))).toBe(true);

  const site = `http://${server.getHost()}:${server.getMappedPort(HTTP_PORT)}`;
  expect((await fetch(`${site}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${site}/browse/`)).text()).toContain(PHOTO);
  const original = await fetch(`${site}/images/${encodeURIComponent(PHOTO)}`, {
    headers: { Range: 'bytes=100-299' },
  });
  expect(original.status).toBe(206);
  const bytes = Buffer.from(await original.arrayBuffer());
  expect(bytes.equals(readFileSync(join(SAMPLES, PHOTO)).subarray(100, 300))).toBe(true);
  for (const name of NAMES) {
    const rendition = await fetch(`${site}/renditions/${encodeURIComponent(name)}?w=160&f=webp`);
    expect([name, rendition.status, rendition.headers.get('content-type')]).toEqual([
      name,
      200,
      'image/webp',
    ]);
    expect(Buffer.from(await rendition.arrayBuffer()).toString('latin1', 8, 12)).toBe('WEBP');
  }
});

test('with a lock file, digests are known before an object is read, and proven when it is', async () => {
  await using scratch = await Scratch.make();
  const folder = await scratch.folder('lock');
  const [first, ...others] = bucketEntries();
  // Nobody reads the objects, so nobody notices.
  const wrong = { ...first!, sha256: 'ab'.repeat(32) };
  const text = [LOCK_HEADER, ...[wrong, ...others].map(formatLockEntry), ''].join('\n');
  await writeFile(join(folder, 'images.lock'), text, { mode: 0o644 });
  await using server = await newServer({ RESO_LOCK: '/lock/images.lock' })
    .withBindMounts([{ source: folder, target: '/lock', mode: 'ro' }])
    .start();
  const client = connect({ host: server.getHost(), port: server.getPort() });
  try {
    const pieces: string[] = [];
    for await (const piece of client.lock()) pieces.push(piece);
    expect(pieces.join('')).toBe(text);
    const { failed } = await client.download(NAMES, { output: await scratch.folder('out') });
    expect(failed).toBe(0);
    const now: string[] = [];
    for await (const piece of client.lock()) now.push(piece);
    expect(now.join('')).toBe([LOCK_HEADER, ...[first!, ...others].map(formatLockEntry), ''].join('\n'));
  } finally {
    client.close();
  }
});

/** What a lock file says of the bucket, in its order. */
function bucketEntries(): LockEntry[] {
  return [...NAMES].sort(compareNames).map((name) => {
    const bytes = readFileSync(join(SAMPLES, name));
    return { name, size: bytes.length, sha256: hash('sha256', bytes) };
  });
}

const READERS = 200;
const LARGE = 20 * MIB;
/** A reader takes this much, and then nothing more. */
const TAKEN = 100_000;
/** The program itself, what all images hold together, and what waits to be sent. */
const MOST_MEMORY = 256_000_000;

/** Requests an image, and hardly reads it. */
async function readLittle(host: string, port: number): Promise<Socket> {
  const socket = connectSocket({ host, port });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(Buffer.concat([encode.clientHello({ versions: [1] }), encode.get(1, { name: 'large.tif' })]));
  await new Promise<void>((resolve, reject) => {
    socket.on('data', () => {
      if (socket.bytesRead < TAKEN) return;
      socket.pause();
      resolve();
    });
    socket.once('close', () => reject(new Error('the server closed the connection')));
  });
  return socket;
}

test('200 clients that request 20 MiB each and stop reading: the server serves others, in less than 256 MB', async () => {
  await bucket.put('album/large.tif', randomBytes(LARGE));
  await using server = await newServer({}).withLittleUnsent().withLittle(512, 128).start();
  await using scratch = await Scratch.make();
  const [host, port] = [server.getHost(), server.getPort()];
  const readers: Socket[] = [];
  const work = async () => {
    await Promise.all(
      Array.from({ length: READERS }, async () => readers.push(await readLittle(host, port))),
    );
    for (const visit of ['1', '2']) {
      const output = await scratch.folder(visit);
      const client = connect({ host, port });
      try {
        const { failed } = await client.download(NAMES, { output });
        expect(failed).toBe(0);
      } finally {
        client.close();
      }
      for (const name of NAMES)
        expect(await areIdentical(join(output, name), join(SAMPLES, name))).toBe(true);
    }
  };
  try {
    const { peak, looks } = await peakMemoryDuring(server, work());
    expect(readers.filter(({ destroyed }) => !destroyed)).toHaveLength(READERS);
    expect(looks).toBeGreaterThan(3);
    expect(peak).toBeLessThan(MOST_MEMORY);
  } finally {
    for (const reader of readers) reader.destroy();
  }
});
