import { appendFile, mkdir, mkdtemp, open, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  connect,
  serve,
  type Client,
  type ConnectOptions,
  type ServeHandle,
  type ServeOptions,
} from '../../../index';
import { encode, MessageType } from '../../../protocol';
import { FakeServer, type Request } from '../../fixtures/fake-server';
import type { FollowOptions, SyncSummary } from './options';

let base: string;
let images: string;
let output: string;
let server: ServeHandle | undefined;
let client: Client;
let rounds: SyncSummary[];
let following: Promise<unknown>;
let stop: AbortController;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  output = join(base, 'out');
  await mkdir(images);
  rounds = [];
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  client.close();
  await following;
  await server?.close({ grace: 0 });
  server = undefined;
  await rm(base, { recursive: true });
});

async function start(options: ServeOptions = {}): Promise<ServeHandle> {
  server = await serve({ folder: images, port: 0, host: '127.0.0.1', ...options });
  return server;
}

/** Resolves once the first sync is done. */
async function follow(
  port: number,
  options: FollowOptions = {},
  how: Pick<ConnectOptions, 'token' | 'retries' | 'onRetry'> = {},
): Promise<void> {
  client = connect({ port, signal: stop.signal, ...how });
  const round: FollowOptions['round'] = async (sync) => {
    const summary = await sync();
    rounds.push(summary);
    return summary;
  };
  following = client.follow(output, { ...options, round }).catch((error: unknown) => error);
  await until(() => rounds.length > 0);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function put(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(images, name)), { recursive: true });
  await writeFile(join(images, name), text);
}

const local = (name: string) => readFile(join(output, name), 'utf8').catch(() => undefined);
const arrives = (name: string, text: string | undefined) => until(async () => (await local(name)) === text);
const downloaded = () => rounds.reduce((sum, one) => sum + one.downloaded, 0);

test('what is added, changed, renamed and deleted arrives', async () => {
  await put('a.jpg', 'a');
  await follow((await start()).port, { delete: true });
  await put('new/b.jpg', 'b');
  await arrives('new/b.jpg', 'b');
  await put('a.jpg', 'changed');
  await arrives('a.jpg', 'changed');
  await rename(join(images, 'a.jpg'), join(images, 'c.jpg'));
  await arrives('c.jpg', 'changed');
  await arrives('a.jpg', undefined);
  await put('d.jpg', 'd');
  await arrives('d.jpg', 'd');
  await unlink(join(images, 'new/b.jpg'));
  await arrives('new/b.jpg', undefined);
  await until(() => downloaded() === 5);
});

test('a burst of changes takes few syncs', async () => {
  await follow((await start()).port);
  for (let i = 0; i < 300; i++) await put(`${i % 7}/${i}.jpg`, String(i));
  await until(() => downloaded() === 300);
  expect(rounds.length).toBeLessThanOrEqual(6);
  expect(rounds.every(({ failed }) => failed === 0)).toBe(true);
});

test('an image that is written in pieces holds up no other, and arrives whole', async () => {
  await follow((await start()).port);
  const slow = await open(join(images, 'slow.jpg'), 'w');
  try {
    for (let i = 0; rounds.length < 4; i++) {
      if (i === 5) await put('quick.jpg', 'quick');
      await slow.write(`${i},`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await Promise.all([arrives('quick.jpg', 'quick'), appendFile(join(images, 'slow.jpg'), 'end')]);
  } finally {
    await slow.close();
  }
  await arrives('slow.jpg', await readFile(join(images, 'slow.jpg'), 'utf8'));
  await until(() => downloaded() === 2);
  expect(rounds.every(({ failed }) => failed === 0)).toBe(true);
});

test.each([
  ['for a moment', 5],
  ['for longer than the client retries', 0],
])('nothing is lost while the server is away %s', async (_, retries) => {
  const { port } = await start();
  const troubles: string[] = [];
  let tries = 0;
  const onTrouble: FollowOptions['onTrouble'] = ({ code }) => void troubles.push(code);
  await follow(port, { onTrouble }, { retries, onRetry: () => void tries++ });
  tries = 0;
  await server!.close({ grace: 0 });
  // The client has looked for the server, and not found it.
  await until(() => (retries > 0 ? tries > 0 : troubles.length > 1));
  await put('b.jpg', 'b');
  await start({ port });
  await arrives('b.jpg', 'b');
  await put('c.jpg', 'c');
  await arrives('c.jpg', 'c');
});

test('too many deletions are refused, and later changes still arrive', async () => {
  for (const name of ['x/a.jpg', 'x/b.jpg', 'x/c.jpg', 'c.jpg']) await put(name, name);
  const refusals: string[] = [];
  await follow((await start()).port, { delete: true, onRefusal: ({ code }) => void refusals.push(code) });
  // All at the same moment: one after the other, each may be few enough.
  await rename(join(images, 'x'), join(base, 'gone'));
  await until(() => refusals.length > 0);
  await put('d.jpg', 'd');
  await arrives('d.jpg', 'd');
  expect(await local('x/a.jpg')).toBe('x/a.jpg');
  expect(new Set(refusals)).toEqual(new Set(['TOO_MANY_GONE']));
  // Once d.jpg and e.jpg are there, it is no more than half of the files.
  await put('e.jpg', 'e');
  await arrives('e.jpg', 'e');
  await put('f.jpg', 'f');
  await arrives('x/a.jpg', undefined);
});

test('it ends with UNAUTHORIZED once the token is removed', async () => {
  const token = 'a-token-that-is-long-enough-for-anybody';
  const tokenFile = join(base, 'tokens');
  await writeFile(tokenFile, `lab ${token}\n`, { mode: 0o600 });
  const { port } = await start({ tokenFile, timeouts: { working: 50 } });
  await follow(port, {}, { token });
  await writeFile(tokenFile, 'other another-token-that-is-long-enough-for-all\n');
  expect(await following).toMatchObject({ code: 'UNAUTHORIZED' });
});

test('it ends with ABORTED by the signal', async () => {
  await follow((await start()).port);
  stop.abort();
  expect(await following).toMatchObject({ code: 'ABORTED' });
});

test('a first sync that fails ends it', async () => {
  client = connect({ port: 1, retries: 0 });
  following = Promise.resolve();
  await expect(client.follow(output)).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

test('a server that does not know WATCH is asked for its list instead, and that is told once', async () => {
  let generation = 'g1';
  let watches = 0;
  const answer = ({ socket, type, id, fields }: Request) => {
    if (type === MessageType.PING) return void socket.write(encode.pong(id, Buffer.alloc(0)));
    if (type === MessageType.LIST) {
      const unchanged = fields['unless'] === generation ? { unchanged: true as const } : {};
      return void socket.write(encode.page(id, { generation, images: [], ...unchanged }));
    }
    watches++;
    socket.write(encode.error(id, { code: 'UNSUPPORTED', message: 'No.' }));
    generation = 'g2';
  };
  const old = await FakeServer.start(answer);
  let polling = 0;
  await follow(old.port, { onPolling: () => void polling++ });
  await until(() => rounds.length > 1);
  expect({ watches, polling }).toEqual({ watches: 1, polling: 1 });
  stop.abort();
  expect(await following).toMatchObject({ code: 'ABORTED' });
  await old.close();
});
