import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { encode, MessageType } from '../../protocol';
import { eventually, noise, Serving } from '../fixtures/serving';

let serving: Serving;
beforeEach(async () => (serving = await Serving.start()));
afterEach(() => serving.stop());

test('deliveries come in the order asked, never interleaved, whatever their sizes', async () => {
  const sizes = [3_000_000, 0, 1, 100_000, 1_000_000, 17, 300_000, 2];
  const images = await Promise.all(sizes.map((size, i) => serving.put(`${i}.jpg`, noise(size, i + 1))));
  const client = await serving.greeted();
  client.send(...images.map((_, i) => encode.get(i + 1, { name: `${i}.jpg` })));
  for (const [i, bytes] of images.entries()) {
    expect((await client.delivered(i + 1)).bytes.equals(bytes)).toBe(true);
  }
  const ids = client.frames.map((frame) => frame.id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

test('a control reply overtakes between the DATA frames of a delivery', async () => {
  await serving.put('big.jpg', noise(40_000_000));
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'big.jpg' }));
  await client.until(() => client.frames.length > 2);
  client.send(encode.ping(2), encode.stat(3, { name: 'big.jpg' }), encode.list(4, {}));
  await Promise.all([client.final(2), client.image(3), client.page(4)]);
  expect(client.frames.some((frame) => frame.type === MessageType.END)).toBe(false);
  expect((await client.delivered(1)).bytes).toHaveLength(40_000_000);
});

test('an error of a waiting GET overtakes the delivery before it', async () => {
  await serving.put('big.jpg', noise(40_000_000));
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'big.jpg' }), encode.get(2, { name: 'no.jpg' }));
  await client.error(2);
  await client.delivered(1);
});

test('CANCEL ends a running delivery between two frames, a waiting one at once, and others go on', async () => {
  await serving.put('big.jpg', noise(40_000_000));
  await serving.put('img.jpg', 'image');
  const client = await serving.greeted();
  client.send(
    ...[1, 2, 3, 4, 5, 6].map((id) => encode.get(id, { name: 'big.jpg' })),
    encode.get(7, { name: 'img.jpg' }),
  );
  await client.until(() => client.frames.length > 2);
  client.send(...[6, 3, 2, 4, 5, 1].map((id) => encode.cancel(id)));
  for (const id of [1, 2, 3, 4, 5, 6]) expect((await client.error(id)).code).toBe('CANCELLED');
  expect((await client.delivered(7)).bytes.toString()).toBe('image');
  expect(client.bytes(1).length).toBeLessThan(40_000_000);
  for (const id of [2, 3, 4, 5, 6]) expect(client.bytes(id)).toHaveLength(0);
});

test('CANCEL of a small image that is ready and waits for its turn', async () => {
  await serving.put('big.jpg', noise(40_000_000));
  await serving.put('img.jpg', 'image');
  const client = await serving.greeted();
  client.send(
    encode.get(1, { name: 'big.jpg' }),
    encode.get(2, { name: 'img.jpg' }),
    encode.get(3, { name: 'img.jpg' }),
  );
  await client.until(() => client.frames.length > 5);
  client.send(encode.cancel(2));
  expect((await client.error(2)).code).toBe('CANCELLED');
  expect(client.frames.some((frame) => frame.type === MessageType.END)).toBe(false);
  expect((await client.delivered(3)).bytes.toString()).toBe('image');
});

test('CANCEL stops hashing', async () => {
  await serving.put('big.jpg', '');
  // Sparse: hashing it takes seconds.
  await truncate(join(serving.folder, 'big.jpg'), 8 * 1024 ** 3);
  const digests = jest.spyOn(serving.catalog, 'digests');
  const client = await serving.greeted();
  client.send(encode.digests(1, { name: 'big.jpg' }));
  await eventually(() => digests.mock.calls.length > 0);
  client.send(encode.cancel(1), encode.cancel(99), encode.cancel(0));
  expect((await client.error(1)).code).toBe('CANCELLED');
  await expect(digests.mock.results[0]!.value).rejects.toMatchObject({ code: 'CANCELLED' });
  client.send(encode.ping(2));
  await client.final(2);
});

test('a thousand requests written before anything is read', async () => {
  await serving.stop();
  serving = await Serving.start({ limits: { outstanding: 1000 } });
  const bytes = await serving.put('img.jpg', noise(100_000));
  const client = await serving.greeted();
  client.socket.pause();
  client.send(
    ...Array.from({ length: 1000 }, (_, i) =>
      i % 2 === 0 ? encode.get(i + 1, { name: 'img.jpg' }) : encode.list(i + 1, {}),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 200));
  client.socket.resume();
  for (let id = 1; id <= 1000; id += 2) expect((await client.delivered(id)).bytes.equals(bytes)).toBe(true);
  for (let id = 2; id <= 1000; id += 2) await client.page(id);
});

test('a client that asks and asks and never reads costs the server little, and others nothing', async () => {
  await serving.put('img.jpg', noise(200_000));
  const greedy = await serving.greeted();
  greedy.socket.pause();
  greedy.send(...Array.from({ length: 256 }, (_, i) => encode.get(i + 1, { name: 'img.jpg' })));
  const before = process.memoryUsage().arrayBuffers;
  const other = await serving.greeted();
  for (let id = 1; id <= 20; id++) {
    other.send(encode.get(id, { name: 'img.jpg' }));
    await other.delivered(id);
    other.frames.length = 0;
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  greedy.socket.resume();
  for (let id = 1; id <= 256; id++) await greedy.delivered(id);
});

test('two hundred clients at once that ask and leave do no harm', async () => {
  await serving.put('big.jpg', noise(10_000_000));
  const bytes = await serving.put('img.jpg', noise(1000));
  const clients = await Promise.all(Array.from({ length: 200 }, () => serving.greeted()));
  clients.forEach((client, i) => {
    client.send(encode.get(1, { name: 'big.jpg' }), encode.get(2, { name: 'img.jpg' }));
    if (i % 2) client.socket.resetAndDestroy();
    else client.socket.destroy();
  });
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'img.jpg' }));
  expect((await client.delivered(1)).bytes.equals(bytes)).toBe(true);
  await eventually(() => serving.server.connections === 1);
});
