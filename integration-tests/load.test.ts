import { Network, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { talkNonsense } from '../proof/fuzz/talk-nonsense';
import { Crowd, firstBytes } from '../proof/load/crowd';
import type { Endpoint } from '../proof/load/endpoint';
import { hang, type Gallery } from '../proof/load/gallery';
import { fetchOne, Visitor } from '../proof/load/visitor';
import { chooseSeed } from '../proof/seed';
import { encode } from '../src/protocol';
import { rawContainer } from './support/engine';
import { Scratch } from './support/scratch';
import { newServer, PORT } from './support/server';
import { processStatus } from './support/process-status';
import { waitUntil } from './support/wait-until';

const MEMORY = 256;
const PIDS = 64;
const HELLO = encode.clientHello({ versions: [1] });
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

test('two thousand idle connections, in 256 MB and without any rights', async () => {
  await whileOthersAreServed(async () => {
    const crowd = new Crowd(endpoint);
    await crowd.join(2000, async (socket) => {
      socket.write(HELLO);
      await firstBytes(socket);
    });
    expect(crowd.sockets.size).toBe(2000);
    expect(await memory()).toBeLessThan(100e6);
    crowd.disperse();
  });
});

test('three hundred clients that do not read a large image', async () => {
  await whileOthersAreServed(async () => {
    const crowd = new Crowd(endpoint);
    await crowd.join(300, (socket) => {
      socket.pause();
      socket.write(Buffer.concat([HELLO, encode.get(1, { name: 'large.tif' })]));
    });
    expect(await fetchOne(endpoint, gallery, 'large.tif', scratch.path)).toBe(true);
    expect(await memory()).toBeLessThan(150e6);
    crowd.disperse();
  });
});

test('three thousand spoilt conversations', () =>
  whileOthersAreServed(() => talkNonsense(endpoint, 3000, seed)));
