import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import {
  connect as dial,
  createServer,
  type AddressInfo,
  type Server as Listener,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type Client, type ServeHandle } from '.';

/** Which way the bytes go that are damaged. */
type Way = 'to the server' | 'to the client';

let base: string;
let server: ServeHandle;
let listener: Listener;
let client: Client;
let isDamaged: boolean;
const sockets: Socket[] = [];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-damage-'));
  const images = await mkdtemp(join(base, 'images-'));
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await writeFile(join(images, name), `bytes of ${name}`);
  server = await serve({ folder: images, host: '127.0.0.1', port: 0, limits: { page: 2 } });
});

afterEach(async () => {
  client.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  listener.close();
  await server.close();
  await rm(base, { recursive: true });
});

/** A client whose connection turns `from` into `to` where it comes by for the first time; both are of one length. */
async function damage(damaged: Way, from: string, to: string): Promise<void> {
  isDamaged = false;
  const pipe = (source: Socket, target: Socket, way: Way) => {
    sockets.push(source);
    source.on('error', () => target.destroy());
    source.on('end', () => target.end());
    source.on('data', (bytes: Buffer) => {
      const at = way === damaged && !isDamaged ? bytes.indexOf(from) : -1;
      if (at >= 0) {
        isDamaged = true;
        bytes.write(to, at);
      }
      target.write(bytes);
    });
  };
  listener = createServer((near) => {
    const far = dial(server.port, '127.0.0.1');
    pipe(near, far, 'to the server');
    pipe(far, near, 'to the client');
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  client = connect({ port: (listener.address() as AddressInfo).port, retries: 2 });
}

async function listed(globs?: string[]): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, size } of client.list({ globs })) {
    expect(size).toBe(14);
    names.push(name);
  }
  return names;
}

test.each<[string, Way, string, string]>([
  ['a name in a page', 'to the client', '"a.jpg"', '"B.jpg"'],
  ['where the next page begins', 'to the client', '"next":"b.jpg"', '"next":"c.jpg"'],
  ['that there is a next page', 'to the client', '"next":', '"nezt":'],
  ['the size of an image', 'to the client', '"size":14', '"size":15'],
  ['what the next page is to follow on', 'to the server', '"after":"b.jpg"', '"after":"d.jpg"'],
])('a list is whole, although %s was damaged', async (_, way, from, to) => {
  await damage(way, from, to);
  expect(await listed()).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  expect(isDamaged).toBe(true);
});

test('a list is of what was asked for, although the glob was damaged', async () => {
  await damage('to the server', '"[ab].jpg"', '"[aB].jpg"');
  expect(await listed(['[ab].jpg'])).toEqual(['a.jpg', 'b.jpg']);
  expect(isDamaged).toBe(true);
});

test.each([
  ['of another image', '"b.jpg"'],
  ['of none', '"q.jpg"'],
])('an image is the one that was asked for, although its name became that %s on the way', async (_, to) => {
  await damage('to the server', '"a.jpg"', to);
  const output = join(base, 'out');
  const { failed } = await client.download(['a.jpg'], { output });
  expect(failed).toBe(0);
  expect((await readdir(output)).filter((name) => name !== '.reso')).toEqual(['a.jpg']);
  expect(await readFile(join(output, 'a.jpg'), 'utf8')).toBe('bytes of a.jpg');
  expect(isDamaged).toBe(true);
});

test('so are a state and digests', async () => {
  await damage('to the server', '"a.jpg"', '"b.jpg"');
  expect((await client.stat('a.jpg')).name).toBe('a.jpg');
  expect(isDamaged).toBe(true);
  client.close();
  listener.close();
  await damage('to the server', '"a.jpg"', '"b.jpg"');
  const digests = await client.digests('a.jpg');
  expect(digests.sha256).toBe((await client.digests('a.jpg')).sha256);
  expect(isDamaged).toBe(true);
});
