import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Network, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { Random } from '../proof/fuzz/random';
import { talkNonsense } from '../proof/fuzz/talk-nonsense';
import { lookAt } from '../proof/kills/final-names';
import { Crowd, firstBytes } from '../proof/load/crowd';
import type { Endpoint } from '../proof/load/endpoint';
import { hang, type Gallery } from '../proof/load/gallery';
import { fetchOne, Visitor } from '../proof/load/visitor';
import { chooseSeed } from '../proof/seed';
import { encode } from '../src/protocol';
import { runClient, startClient, type RunningClient } from './support/client';
import { rawContainer } from './support/engine';
import { Scratch } from './support/scratch';
import { newServer, PORT } from './support/server';
import { processStatus } from './support/process-status';
import { waitUntil } from './support/wait-until';

const MEMORY = 256;
const PIDS = 64;
const IS_FULL = process.env['RESO_PROOF'] === 'full';
/** Connections of each kind. `RESO_PROOF=full`: as many as the project promises to bear. */
const COUNTS = IS_FULL
  ? { idle: 10_000, slow: 1000, trickling: 500, spoilt: 20_000, kills: 200 }
  : { idle: 2000, slow: 300, trickling: 100, spoilt: 3000, kills: 4 };
const MINUTES = 60_000;
const HELLO = encode.clientHello({ versions: [1] });
/** Longer than any of these connections lasts. */
const LONG_HELLO = encode.clientHello({ versions: [1], agent: 'x'.repeat(120) });
/** Bytes after which a client is killed: more than a greeting and a list, and no more than half of the large image. */
const [SOME, MOST] = [50_000, 10 * 2 ** 20];
/** So that the large image takes five seconds: longer than the engine takes to look and to kill. */
const SLOWLY = ['--bwlimit', '4M'];
const seed = chooseSeed('load');

let scratch: Scratch;
let network: StartedNetwork;
let server: StartedTestContainer;
let gallery: Gallery;
let endpoint: Endpoint;
let descriptors: number;

beforeAll(async () => {
  scratch = await Scratch.make();
  const images = await scratch.folder('images');
  gallery = hang(images, { 'a.jpg': 100_000, 'img.jpg': 5000, 'large.tif': 20 * 2 ** 20 });
  network = await new Network().start();
  server = await newServer({ network, images }).withLittle(MEMORY, PIDS).start();
  endpoint = { host: server.getHost(), port: server.getMappedPort(PORT), sources: [] };
  for (const name of gallery.keys()) expect(await fetchOne(endpoint, gallery, name, scratch.path)).toBe(true);
  descriptors = await openDescriptors();
});

afterAll(async () => {
  await server?.stop();
  await network?.stop();
  await scratch?.[Symbol.asyncDispose]();
});

/** With the one that counting them takes. */
async function openDescriptors(): Promise<number> {
  const { output } = await server.exec(['ls', '/proc/1/fd']);
  return output.trim().split('\n').length;
}

async function memory(): Promise<number> {
  const { RssAnon } = await processStatus(server, 'RssAnon');
  return Number.parseInt(RssAnon!, 10) * 1024;
}

/** Somebody is served while `work` goes on, every byte right; afterwards nothing of it is left. */
async function whileOthersAreServed(work: () => Promise<void>): Promise<void> {
  const visitor = new Visitor(endpoint, gallery, 'a.jpg', scratch.path);
  await work().finally(() => visitor.leave());
  const { count, verified } = await visitor.leave();
  expect(verified).toBe(count);
  await waitUntil('all descriptors are closed', async () => (await openDescriptors()) <= descriptors);
  const { State } = await (await rawContainer(server)).inspect();
  expect(State).toMatchObject({ Running: true, OOMKilled: false });
}

test(`${COUNTS.idle} idle connections, in 256 MB and without any rights`, async () => {
  await whileOthersAreServed(async () => {
    const crowd = new Crowd(endpoint);
    await crowd.join(COUNTS.idle, async (socket) => {
      socket.write(HELLO);
      await firstBytes(socket);
    });
    expect(crowd.sockets.size).toBe(COUNTS.idle);
    expect(await memory()).toBeLessThan(IS_FULL ? 150e6 : 100e6);
    crowd.disperse();
  });
});

test(`${COUNTS.slow} clients that do not read a large image`, async () => {
  const before = await memory();
  await whileOthersAreServed(async () => {
    const crowd = new Crowd(endpoint);
    await crowd.join(COUNTS.slow, (socket) => {
      socket.pause();
      socket.write(Buffer.concat([HELLO, encode.get(1, { name: 'large.tif' })]));
    });
    expect(await fetchOne(endpoint, gallery, 'large.tif', scratch.path)).toBe(true);
    expect(await memory()).toBeLessThan(IS_FULL ? before + 128e6 : 150e6);
    crowd.disperse();
  });
});

test(`${COUNTS.trickling} connections that send their HELLO byte by byte`, async () => {
  await whileOthersAreServed(async () => {
    const crowd = new Crowd(endpoint);
    await crowd.join(COUNTS.trickling, (socket) => {
      let sent = 0;
      const sending = setInterval(() => void socket.write(LONG_HELLO.subarray(sent, ++sent)), 200);
      socket.resume().once('close', () => clearInterval(sending));
    });
    await waitUntil('all are gone', () => crowd.sockets.size === 0);
  });
});

test(`${COUNTS.spoilt} spoilt conversations`, () =>
  whileOthersAreServed(() => talkNonsense(endpoint, COUNTS.spoilt, seed)));

test(
  `${COUNTS.kills} kills of either side: what stands under a final name is whole`,
  async () => {
    const random = new Random(seed);
    const setting = { network, output: await scratch.folder('output') };
    const raw = await rawContainer(server);
    for (let kills = 0; kills < COUNTS.kills;) {
      for (const name of gallery.keys())
        if (name === 'large.tif' || random.oneIn(2)) await rm(join(setting.output, name), { force: true });
      await using client = await startClient(setting, 'sync', ...SLOWLY);
      const most = SOME + random.below(MOST);
      const found = await waitUntil('so much has come, or the client has done', async () => {
        const bytes = await received(client);
        return bytes === undefined ? 'done' : bytes >= most && 'at work';
      });
      if (found === 'done') continue;
      if (kills % 2 === 0) {
        await raw.kill();
        await waitUntil('the server starts again', () => raw.start().then(() => true, ifPortIsTaken));
      }
      const wasRunning = await (await rawContainer(client.container)).kill().then(() => true, ifOver);
      expect(lookAt(setting.output, gallery).broken).toEqual([]);
      if (wasRunning) kills++;
    }
    expect((await runClient(setting, 'sync', '--retries', '30')).exitCode).toBe(0);
    expect(lookAt(setting.output, gallery)).toEqual({ count: gallery.size, broken: [] });
  },
  20 * MINUTES,
);

/** Bytes that have come to a client over the network; undefined once it has ended. */
async function received({ container }: RunningClient): Promise<number | undefined> {
  const { output } = await container.exec(['cat', '/proc/net/dev']).catch(() => ({ output: '' }));
  const [, bytes] = /eth0:\s*(\d+)/.exec(output) ?? [];
  return bytes === undefined ? undefined : Number(bytes);
}

/** The engine takes a moment to give back the port that it published. */
function ifPortIsTaken(error: Error): false {
  if (!error.message.includes('driver failed programming external connectivity')) throw error;
  return false;
}

/** A client may have done by then. */
function ifOver(error: { statusCode?: number }): false {
  if (error.statusCode !== 409) throw error as Error;
  return false;
}
