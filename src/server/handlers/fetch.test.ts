import { createHash } from 'node:crypto';
import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Gatekeeper, type TokenLine } from '../../access';
import { prompt } from '../../files';
import { encode, MAX_PACKED_BYTES, MessageType } from '../../protocol';
import { PackBuffers } from '../../connection';
import type { Unpacked } from '../fixtures/raw-client';
import { eventually, noise, Serving } from '../fixtures/serving';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const fetch = (id: number, ...names: string[]) =>
  encode.fetch(id, { images: names.map((name) => ({ name })) });

let serving: Serving;
beforeEach(async () => {
  // However busy this machine is: the disk is prompt.
  jest.spyOn(prompt, 'attempt').mockImplementation((here) => here());
  serving = await Serving.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await serving.stop();
});

test('HELLO says how large a pack may be', async () => {
  const client = await serving.connect();
  client.send(encode.clientHello({ versions: [1] }));
  await client.until(() => client.frames.length > 0);
  expect(client.hello().limits.pack).toBe(1_048_576);
});

test.each([0, 1, 1000, MAX_PACKED_BYTES])(
  'images of %d bytes come whole, with their digests',
  async (size) => {
    const names = Array.from({ length: 12 }, (_, i) => `folder/${i} ü.jpg`);
    const images = await Promise.all(names.map((name, i) => serving.put(name, noise(size, i + 1))));
    const client = await serving.greeted();
    client.send(fetch(1, ...names));
    const packs = await client.packs(1);
    expect(packs.flat().map(({ name }) => name)).toEqual(names);
    for (const [i, { bytes, sha256: digest }] of packs.flat().entries()) {
      expect(bytes.equals(images[i]!)).toBe(true);
      expect(digest).toBe(sha256(images[i]!));
    }
    for (const { type, payload } of client.frames)
      if (type === MessageType.PACK) expect(payload.length).toBeLessThanOrEqual(1_048_576);
  },
);

test('a thousand images come in packs of at most 128', async () => {
  const names = Array.from({ length: 1024 }, (_, i) => `${i}.jpg`);
  await Promise.all(names.map((name) => serving.put(name, name)));
  const client = await serving.greeted();
  client.send(fetch(1, ...names));
  const packs = await client.packs(1);
  expect(packs.flat().map(({ bytes }) => bytes.toString())).toEqual(names);
  for (const pack of packs) expect(pack.length).toBeLessThanOrEqual(128);
});

test('what is wrong with an image is that image’s alone', async () => {
  const bytes = await serving.put('a.jpg', noise(10));
  await serving.put('large.tif', noise(MAX_PACKED_BYTES + 1));
  await serving.put('notes.txt', 'no image');
  await serving.put('looks like one', Buffer.from('GIF89a and more'));
  await symlink(join(serving.folder, 'a.jpg'), join(serving.folder, 'link.jpg'));
  const names = ['a.jpg', 'no.jpg', '../a.jpg', 'link.jpg', 'notes.txt', 'large.tif', 'looks like one'];
  const client = await serving.greeted();
  client.send(fetch(1, ...names), encode.fetch(2, { images: [{ name: 'a.jpg', sha256: sha256(bytes) }] }));
  client.send(encode.fetch(3, { images: [{ name: 'a.jpg', sha256: '0'.repeat(64) }, { name: 'a.jpg' }] }));
  const get = 'GET_INSTEAD';
  const codes = async (id: number) => (await client.packs(id)).flat().map(({ code }) => code);
  expect(await codes(1)).toEqual([undefined, get, get, get, get, get, undefined]);
  expect(await codes(2)).toEqual([undefined]);
  expect(await codes(3)).toEqual(['CHANGED', undefined]);
});

test('the same version and digest as STAT and GET say', async () => {
  await serving.put('a.jpg', noise(1000));
  const client = await serving.greeted();
  client.send(fetch(1, 'a.jpg'), encode.stat(2, { name: 'a.jpg' }));
  const [[packed]] = (await client.packs(1)) as [[Unpacked]];
  expect(await client.image(2)).toMatchObject({ version: packed.version });
  client.send(encode.stat(3, { name: 'a.jpg' }));
  expect(await client.image(3)).toMatchObject({ sha256: packed.sha256 });
});

test('packs keep the order of deliveries, and come between none of their frames', async () => {
  await serving.put('big.jpg', noise(3_000_000));
  await serving.put('a.jpg', noise(1000));
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'big.jpg' }), fetch(2, 'a.jpg'), encode.get(3, { name: 'big.jpg' }));
  await client.delivered(3);
  const ids = client.frames.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

test('CANCEL ends a FETCH that waits, and one that runs', async () => {
  await serving.put('big.jpg', noise(40_000_000));
  const names = Array.from({ length: 60 }, (_, i) => `${i}.jpg`);
  await Promise.all(names.map((name) => serving.put(name, noise(MAX_PACKED_BYTES))));
  const client = await serving.greeted();
  client.send(encode.get(1, { name: 'big.jpg' }), fetch(2, ...names), encode.cancel(2));
  expect((await client.error(2)).code).toBe('CANCELLED');
  await client.delivered(1);
  client.send(fetch(3, ...names, ...names, ...names, ...names));
  await client.until(() => client.frames.some(({ id, type }) => id === 3 && type === MessageType.PACK));
  client.send(encode.cancel(3));
  expect((await client.error(3)).code).toBe('CANCELLED');
});

test('a shutdown finishes the pack and answers the other images with CLOSING', async () => {
  const names = Array.from({ length: 400 }, (_, i) => `${i}.jpg`);
  await Promise.all(names.map((name) => serving.put(name, noise(100_000))));
  const client = await serving.greeted();
  client.socket.pause();
  client.send(fetch(1, ...names));
  await eventually(() => client.socket.readableLength > 0);
  const closed = serving.server.close({ graceMs: 20_000 });
  client.socket.resume();
  const images = (await client.packs(1)).flat();
  await closed;
  expect(images.map(({ name }) => name)).toEqual(names);
  const codes = images.map(({ code }) => code);
  expect(codes[0]).toBeUndefined();
  expect(codes.at(-1)).toBe('CLOSING');
  expect(codes.slice(codes.indexOf('CLOSING')).every((code) => code === 'CLOSING')).toBe(true);
});

test('a token that is gone ends a FETCH at its next pack', async () => {
  const token = 'a-token-of-enough-characters';
  let tokens: readonly TokenLine[] = [{ name: 'lab', token, prefixes: undefined }];
  await serving.stop();
  serving = await Serving.start({ gatekeeper: new Gatekeeper({ tokens: () => tokens }) });
  const names = Array.from({ length: 400 }, (_, i) => `${i}.jpg`);
  await Promise.all(names.map((name) => serving.put(name, noise(100_000))));
  const client = await serving.connect();
  client.send(encode.clientHello({ versions: [1], token }), fetch(1, ...names));
  await client.until(() => client.frames.some(({ type }) => type === MessageType.PACK));
  client.socket.pause();
  tokens = [];
  client.socket.resume();
  await client.closed();
  expect(client.errorCodes).toEqual(['UNAUTHORIZED']);
  expect(client.replyTo(1)).toBeUndefined();
});

test('an image that was deleted since it was listed is left to GET, which says so', async () => {
  await serving.put('a.jpg', 'image');
  await unlink(join(serving.folder, 'a.jpg'));
  const client = await serving.greeted();
  client.send(fetch(1, 'a.jpg'));
  expect((await client.packs(1)).flat()).toMatchObject([{ name: 'a.jpg', code: 'GET_INSTEAD' }]);
});

test('while the disk is slow, and where no memory is left for packs, images are left to GET', async () => {
  await serving.put('a.jpg', 'image');
  const client = await serving.greeted();
  jest.spyOn(prompt, 'attempt').mockReturnValueOnce(undefined);
  client.send(fetch(1, 'a.jpg', 'a.jpg'));
  expect((await client.packs(1)).flat().map(({ code }) => code)).toEqual(['GET_INSTEAD', undefined]);
  jest.spyOn(PackBuffers.prototype, 'take').mockReturnValueOnce(undefined);
  client.send(fetch(2, 'a.jpg', 'no.jpg'));
  expect((await client.packs(2)).flat().map(({ code }) => code)).toEqual(['GET_INSTEAD', 'GET_INSTEAD']);
});

test('a FETCH of nothing, or of too much, is no message', async () => {
  const client = await serving.greeted();
  client.send(fetch(1), fetch(2, ...Array<string>(1025).fill('a')));
  for (const id of [1, 2]) expect((await client.error(id)).code).toBe('BAD_MESSAGE');
});

test('buffers of packs have a budget, and who finds none left does without', () => {
  const buffers = new PackBuffers(1024, 4096);
  const taken = Array.from({ length: 5 }, () => buffers.take());
  expect(taken.map((buffer) => buffer?.length)).toEqual([1024, 1024, 1024, 1024, undefined]);
  buffers.giveBack(taken[0]!);
  expect(buffers.take()).toBe(taken[0]);
});
