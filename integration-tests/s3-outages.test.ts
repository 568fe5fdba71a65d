import type Dockerode from 'dockerode';
import { hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Network, type StartedNetwork } from 'testcontainers';
import type { StartedResoServerContainer } from '../src/testing';
import { Ceph } from './support/ceph';
import { jsonResults, newClient, RunningClient } from './support/client';
import { rawContainer } from './support/engine';
import { filesIn, MIB } from './support/generated-images';
import { HardenedServer } from './support/hardened-container';
import { Scratch } from './support/scratch';
import { waitUntil } from './support/wait-until';

const IMAGES = 2000;
const CLIENTS = 8;
/** Images that each client downloads between two outages. */
const STEP = 40;
const OSDS = 3;
const [SMALLEST, LARGEST] = [10_000, 100_000];
/** A kill and two restarts cut connections, each of which has this many bytes under way. */
const CUTS = 3;
const CONNECTIONS = 4;
const UNDER_WAY = MIB;
/** Share of the bytes that are not those of images: headers, the list, acknowledgements. */
const OVERHEAD = 0.05;
const SERVERS = ['one', 'two'];

let network: StartedNetwork;
let ceph: Ceph;
let scratch: Scratch;
/** Name and SHA-256 of each image. */
const sent: Record<string, string> = {};
let total = 0;

beforeAll(async () => {
  scratch = await Scratch.make();
  network = await new Network().start();
  ceph = await Ceph.start({ osds: OSDS, network, alias: 's3.test' });
  const bucket = await ceph.makeBucket('photos');
  await bucket.putAll(images());
});
afterAll(async () => {
  await ceph?.[Symbol.asyncDispose]();
  await network?.stop();
  await scratch?.[Symbol.asyncDispose]();
});

/** Most are small. */
function* images(): Generator<[string, Buffer]> {
  for (let i = 0; i < IMAGES; i++) {
    const name = `${i % 10}/${i}.jpg`;
    const bytes = randomBytes(SMALLEST + Math.round((LARGEST - SMALLEST) * (i / IMAGES) ** 4));
    sent[name] = hash('sha256', bytes);
    total += bytes.length;
    yield [name, bytes];
  }
}

function startServer(alias: string): Promise<StartedResoServerContainer> {
  const where = { RESO_FOLDER: 's3://photos', RESO_S3_ENDPOINT: 'http://s3.test:7480', RESO_DRAIN: '1' };
  return new HardenedServer()
    .withAlias(network, alias)
    .withState()
    .withCache()
    .withEnvironment({ ...ceph.environment, ...where })
    .start();
}

interface Download {
  readonly client: RunningClient;
  readonly output: string;
}

/** Ends as the client does; before that, the last thing that it says is what has come over the network. */
const COUNTING =
  'node /app/docker/client-entrypoint.js "$@"; code=$?; grep eth0: /proc/net/dev >&2; exit "$code"';

/**
 * Even on a slow machine a download takes twice as long as what happens meanwhile. A server whose network goes with its
 * container is silent from then on.
 */
async function startDownload(_: unknown, index: number): Promise<Download> {
  const output = await scratch.folder(`client-${index}`);
  const environment = { RESO_SERVER: SERVERS.join(',') };
  const setting = { network, output, environment, entrypoint: ['bash', '-c', COUNTING, 'client'] };
  const options = ['--all', '--json', '--bwlimit', '600K', '--timeout', '10'];
  const container = newClient(setting)
    .withLittleUnread()
    .withCommand(['get', ...options]);
  return { client: new RunningClient(await container.start()), output };
}

async function downloaded(downloads: readonly Download[]): Promise<number[]> {
  return Promise.all(downloads.map(async ({ output }) => (await filesIn(output)).length));
}

async function haveDownloaded(downloads: readonly Download[], least: number): Promise<void> {
  const look = async () => (await downloaded(downloads)).every((count) => count >= least);
  await waitUntil(`each client has ${least} images`, look, { every: 200 });
}

async function isHealthy(server: Dockerode.Container): Promise<void> {
  const look = async () => (await server.inspect()).State.Health?.Status === 'healthy';
  await waitUntil('the server is healthy', look, { every: 100 });
}

test('an OSD and one of two servers are killed, then both servers restarted in turn, while eight clients download 2,000 images', async () => {
  const servers = await Promise.all(SERVERS.map(startServer));
  const [one, two] = (await Promise.all(servers.map(rawContainer))) as [
    Dockerode.Container,
    Dockerode.Container,
  ];
  const downloads = await Promise.all(Array.from({ length: CLIENTS }, startDownload));
  try {
    await haveDownloaded(downloads, STEP);
    const osd = '/var/lib/reso-ceph/run/osd1.pid';
    const killed = await ceph.container.exec(['bash', '-c', `kill -9 "$(cat ${osd})"`]);
    expect(killed).toMatchObject({ exitCode: 0 });
    const [before] = await downloaded(downloads);
    await haveDownloaded(downloads, before! + STEP);
    await one.kill({ signal: 'SIGKILL' });
    const [alone] = await downloaded(downloads);
    await haveDownloaded(downloads, alone! + STEP);
    await one.start();
    await isHealthy(one);
    for (const server of [two, one]) {
      expect(Math.max(...(await downloaded(downloads)))).toBeLessThan(IMAGES);
      await server.restart({ t: 20 });
      await isHealthy(server);
    }
    for (const { client, output } of downloads) {
      const ended = await client.ended();
      expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({
        exitCode: 0,
        stderr: expect.stringContaining(`${IMAGES} downloaded, 0 identical, 0 failed`) as string,
      });
      const results = jsonResults(ended);
      expect(results.filter(({ outcome }) => outcome === 'downloaded')).toHaveLength(IMAGES);
      const received = Number(/eth0:\s*(\d+)/.exec(ended.stderr)?.[1]);
      expect(received).toBeGreaterThan(total);
      expect(received).toBeLessThan(total * (1 + OVERHEAD) + CUTS * CONNECTIONS * UNDER_WAY);
      const wrong = Object.keys(sent).filter(
        (name) => hash('sha256', readFileSync(join(output, name))) !== sent[name],
      );
      expect(wrong).toEqual([]);
    }
  } finally {
    await Promise.all(downloads.map(({ client }) => client[Symbol.asyncDispose]()));
    await Promise.all(servers.map((server) => server.stop()));
  }
});
