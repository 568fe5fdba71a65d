import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Network, type StartedNetwork } from 'testcontainers';
import { connect, type DownloadResult } from '../src';
import { areIdentical } from './support/generated-images';
import { Ceph } from './support/ceph';
import { HardenedServer } from './support/hardened-container';
import { Scratch } from './support/scratch';
import { REPOSITORY } from './support/checkout';

jest.setTimeout(180_000);

const SAMPLES = join(REPOSITORY, 'images');
const NAMES = readdirSync(SAMPLES).filter((name) => /\.(jpg|png|svg|webp)$/.test(name));
const PHOTO = NAMES.find((name) => name.endsWith('.jpg'))!;
const HTTP_PORT = 8080;

let network: StartedNetwork;
let ceph: Ceph;

beforeAll(async () => {
  network = await new Network().start();
  ceph = await Ceph.start({ network, alias: 's3.test', buckets: ['photos'] });
  const bucket = await ceph.makeBucket('photos');
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
