import { appendFile, readdir, rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { encode, MessageType } from '../../protocol';
import { eventually, noise, Serving } from '../fixtures/serving';

const SIZE = 40_000_000;

let serving: Serving;
beforeEach(async () => {
  serving = await Serving.start();
  await serving.put('big.jpg', noise(SIZE));
});
afterEach(() => serving.stop());

/** Begins a delivery, lets it come to a halt in the middle, and calls `change`. */
async function changeDuringDelivery(change: (path: string) => Promise<unknown>) {
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'big.jpg' }));
  await client.until(() => client.frames.some((frame) => frame.type === MessageType.DATA));
  client.socket.pause();
  await change(`${serving.folder}/big.jpg`);
  client.socket.resume();
  return client;
}

test.each<[string, (path: string) => Promise<unknown>]>([
  ['shortened', (path) => truncate(path, 1000)],
  ['emptied', (path) => truncate(path, 0)],
  ['grown', (path) => appendFile(path, 'more')],
  ['overwritten', (path) => writeFile(path, noise(SIZE, 2))],
  ['deleted', (path) => unlink(path)],
  [
    'replaced',
    async (path) => {
      await writeFile(`${path}.next`, noise(SIZE, 2));
      await rename(`${path}.next`, path);
    },
  ],
])('an image that is %s while it is sent ends as CHANGED, and is not padded', async (_, change) => {
  const client = await changeDuringDelivery(change);
  expect((await client.error(1)).code).toBe('CHANGED');
  expect(client.bytes(1).length).toBeLessThanOrEqual(SIZE);
  expect(client.frames.some((frame) => frame.type === MessageType.END)).toBe(false);
  expect((await serving.catalog.list({ limit: 9 })).images[0]?.sha256).toBeUndefined();
});

test('the connection goes on after it', async () => {
  const client = await changeDuringDelivery((path) => truncate(path, 1000));
  await client.error(1);
  client.send(encode.get(2, { name: 'big.jpg' }));
  expect((await client.delivered(2)).bytes).toHaveLength(1000);
});

async function openImages(): Promise<number> {
  const { readlink } = await import('node:fs/promises');
  const fds = await readdir('/proc/self/fd');
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(serving.folder)).length;
}

test('descriptors are closed however a delivery ends', async () => {
  await serving.put('img.jpg', 'image');
  const clients = await Promise.all(Array.from({ length: 12 }, () => serving.greeted()));
  for (const [i, client] of clients.entries()) {
    client.send(
      encode.get(1, { name: 'big.jpg' }),
      encode.get(2, { name: 'img.jpg' }),
      encode.get(3, { name: 'big.jpg', version: 'another' }),
      encode.get(4, { name: 'img.jpg', offset: 99 }),
      encode.get(5, { name: 'big.jpg', sha256: '0'.repeat(64) }),
    );
    await client.until(() => client.frames.some((frame) => frame.type === MessageType.DATA));
    if (i % 3 === 0) client.socket.destroy();
    if (i % 3 === 1) client.send(...[1, 2, 3, 4, 5].map((id) => encode.cancel(id)));
    if (i % 3 === 2) client.send(Buffer.from('nonsense, and more of it'));
  }
  await eventually(async () => (await openImages()) === 0);
});
