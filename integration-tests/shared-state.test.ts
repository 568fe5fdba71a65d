import { readdir } from 'node:fs/promises';
import { connect } from '../src';
import { digestsOf, KIB, writeImage } from './support/generated-images';
import { HostServer } from './support/host-server';
import { logLines } from './support/log-lines';
import { Scratch } from './support/scratch';
import { builtProgram } from './support/test-run';

const IMAGES = 30;
const ELSEWHERE = expect.stringContaining('A server in another container uses this state folder') as string;

let scratch: Scratch;
let images: string;

beforeAll(async () => {
  scratch = await Scratch.make();
  images = await scratch.folder('images');
  for (let i = 0; i < IMAGES; i++) await writeImage(images, `${i}.jpg`, KIB + i);
});

afterAll(() => scratch?.[Symbol.asyncDispose]());

/** A server that is process 1 of a pid namespace, as in a container, and gets `signal` when it is stopped. */
function start(state: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<HostServer> {
  const isolate = ['--map-root-user', '--pid', '--fork', '--mount-proc', `--kill-child=${signal}`];
  const settings = { options: ['--no-http'], prefix: ['unshare', ...isolate] };
  return HostServer.start(builtProgram(), images, state, settings);
}

/** `unshare` ignores SIGTERM. When it is gone, the kernel sends the server its signal. */
const stop = (server: HostServer) => server.stop('SIGKILL');

/** What a server says the digests are. */
async function digestsBy({ port }: HostServer): Promise<Record<string, string>> {
  const client = connect({ host: '127.0.0.1', port, retries: 0 });
  try {
    const found: Record<string, string> = {};
    for (let i = 0; i < IMAGES; i++) found[`${i}.jpg`] = (await client.digests(`${i}.jpg`)).sha256;
    return found;
  } finally {
    client.close();
  }
}

function warningsOf({ log }: HostServer): string[] {
  const lines = logLines(log).filter(({ level }) => level !== 'info');
  return lines.map(({ msg }) => msg);
}

async function filesIn(state: string): Promise<string[]> {
  return (await readdir(state)).filter((name) => name.endsWith('.lmdb')).sort();
}

test('two servers that are process 1 each share a state folder: each has a file, and is right about every image', async () => {
  const state = await scratch.folder('two');
  const [one, two] = [await start(state, 'SIGTERM'), await start(state, 'SIGTERM')];
  try {
    for (let round = 0; round < 3; round++) {
      await writeImage(images, '0.jpg', 2 * KIB + round);
      const sent = await digestsOf(images);
      expect(await Promise.all([one, two].map(digestsBy))).toEqual([sent, sent]);
    }
    expect(await filesIn(state)).toEqual(['catalog-2.lmdb', 'catalog.lmdb']);
  } finally {
    await Promise.all([stop(one), stop(two)]);
  }
  expect([one, two].map(warningsOf)).toEqual([[], [ELSEWHERE]]);
  expect((await readdir(state)).filter((name) => name.includes('sock'))).toEqual([]);
});

test('whichever of them is killed: the next one takes over its file', async () => {
  const state = await scratch.folder('killed');
  const sent = await digestsOf(images);
  let old = await start(state, 'SIGKILL');
  let young = await start(state, 'SIGKILL');
  try {
    for (let round = 0; round < 4; round++) {
      const busy = Promise.allSettled([digestsBy(old)]);
      await stop(old);
      await busy;
      [old, young] = [young, await start(state, 'SIGKILL')];
      expect(await Promise.all([old, young].map(digestsBy))).toEqual([sent, sent]);
      // The first file is free in every other round.
      expect(warningsOf(young)).toEqual(round % 2 === 0 ? [] : [ELSEWHERE]);
    }
    expect(await filesIn(state)).toEqual(['catalog-2.lmdb', 'catalog.lmdb']);
  } finally {
    await Promise.all([stop(old), stop(young)]);
  }
});
