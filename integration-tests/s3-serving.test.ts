import { hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { Network, type StartedNetwork } from 'testcontainers';
import { connect, type DownloadResult } from '../src';
import { encode } from '../src/protocol';
import { areIdentical, MIB, sha256 } from './support/generated-images';
import { Ceph, type TestBucket } from './support/ceph';
import { HardenedServer } from './support/hardened-container';
import { peakMemoryDuring } from './support/peak-memory';
import { Scratch } from './support/scratch';
import { REPOSITORY } from './support/checkout';

jest.setTimeout(180_000);

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

const READERS = 200;
const LARGE = 20 * MIB;
/** A reader takes this much, and then nothing more. */
const TAKEN = 100_000;
const MOST_MEMORY = 200_000_000;

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

test('200 clients that request 20 MiB each and stop reading: the server serves others, in less than 200 MB', async () => {
  const bytes = randomBytes(LARGE);
  await bucket.put('album/large.tif', bytes);
  await using server = await newServer({}).withLittleUnsent().withLittle(512, 128).start();
  await using scratch = await Scratch.make();
  const [host, port] = [server.getHost(), server.getPort()];
  const readers: Socket[] = [];
  const work = async () => {
    await Promise.all(
      Array.from({ length: READERS }, async () => readers.push(await readLittle(host, port))),
    );
    for (const visit of ['1', '2', '3']) {
      const output = await scratch.folder(visit);
      const client = connect({ host, port });
      try {
        const { failed } = await client.download([PHOTO, 'large.tif'], { output });
        expect(failed).toBe(0);
      } finally {
        client.close();
      }
      expect(await sha256(join(output, 'large.tif'))).toBe(hash('sha256', bytes));
      expect(await areIdentical(join(output, PHOTO), join(SAMPLES, PHOTO))).toBe(true);
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
