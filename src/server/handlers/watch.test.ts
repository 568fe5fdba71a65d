import { rename, unlink } from 'node:fs/promises';
import { Gatekeeper, type TokenLine } from '../../access';
import { encode, MessageType } from '../../protocol';
import type { RawClient } from '../fixtures/raw-client';
import { eventually, Serving } from '../fixtures/serving';

let serving: Serving;
afterEach(() => serving.stop());

async function generationOf(client: RawClient, id = 1): Promise<string> {
  client.send(encode.list(id, {}));
  return (await client.page(id)).generation;
}

async function watching(client: RawClient, id = 2): Promise<string> {
  const unless = await generationOf(client);
  client.send(encode.watch(id, { unless }));
  return unless;
}

/** The list before may have taken long enough for a WORKING, too. */
const isWorking = (client: RawClient) =>
  client.frames.some(({ type, id }) => type === MessageType.WORKING && id === 2);

/** Resolves once the server waits on behalf of the client. */
const waits = (client: RawClient) => client.until(() => isWorking(client));

const OFTEN = { working: 20 };

test('a watch is answered at once if the generation is another one already', async () => {
  serving = await Serving.start();
  const client = await serving.greeted();
  client.send(encode.watch(2, { unless: 'g1' }));
  expect(await client.generation(2)).toBe(await generationOf(client));
});

test.each<[string, () => Promise<unknown>]>([
  ['added', () => serving.put('b.jpg', 'b')],
  ['changed', () => serving.put('a.jpg', 'other')],
  ['deleted', () => unlink(`${serving.folder}/a.jpg`)],
  ['renamed', () => rename(`${serving.folder}/a.jpg`, `${serving.folder}/c.jpg`)],
  ['added in a new folder', () => serving.put('new/d.jpg', 'd')],
])('it waits, saying WORKING, until an image is %s', async (_, change) => {
  serving = await Serving.start({ timeouts: OFTEN });
  await serving.put('a.jpg', 'a');
  const client = await serving.greeted();
  const unless = await watching(client);
  await waits(client);
  expect(client.replyTo(2)).toBeUndefined();
  await change();
  expect(await client.generation(2)).not.toBe(unless);
});

test('a thousand watchers cost one look at the folder, and all of them are told', async () => {
  serving = await Serving.start();
  await serving.put('a.jpg', 'a');
  const clients = await Promise.all(Array.from({ length: 10 }, () => serving.greeted()));
  const unless = await generationOf(clients[0]!, 300);
  const scan = jest.spyOn(serving.store, 'scan');
  for (const client of clients)
    client.send(...Array.from({ length: 100 }, (_, i) => encode.watch(i + 1, { unless })));
  // Answered after the watches have been taken in.
  await Promise.all(
    clients.map(async (client) => void (client.send(encode.ping(200)), await client.final(200))),
  );
  await serving.put('b.jpg', 'b');
  for (const client of clients) {
    const all = Array.from({ length: 100 }, (_, i) => client.generation(i + 1));
    expect(new Set(await Promise.all(all)).size).toBe(1);
  }
  // The first look, and one or two for the file that was made and written.
  expect(scan.mock.calls.length).toBeLessThanOrEqual(3);
});

test('CANCEL ends it', async () => {
  serving = await Serving.start({ timeouts: OFTEN });
  const client = await serving.greeted();
  await watching(client);
  await waits(client);
  client.send(encode.cancel(2));
  expect((await client.error(2)).code).toBe('CANCELLED');
  await generationOf(client, 3);
});

test('a server that shuts down does not wait for it', async () => {
  serving = await Serving.start({ timeouts: OFTEN });
  const client = await serving.greeted();
  await watching(client);
  await waits(client);
  const closing = serving.server.close({ graceMs: 600_000 });
  expect((await client.error(2)).code).toBe('CLOSING');
  await closing;
});

test('it is UNAVAILABLE when the folder is', async () => {
  serving = await Serving.start({ timeouts: OFTEN });
  const client = await serving.greeted();
  await watching(client);
  await waits(client);
  await rename(serving.folder, `${serving.folder}-away`);
  expect((await client.error(2)).code).toBe('UNAVAILABLE');
  await rename(`${serving.folder}-away`, serving.folder);
});

const TOKEN = 'a-token-that-is-long-enough-for-anybody';

async function withToken(tokens: () => readonly TokenLine[]): Promise<RawClient> {
  serving = await Serving.start({ timeouts: OFTEN, gatekeeper: new Gatekeeper({ tokens }) });
  await serving.put('cats/a.jpg', 'a');
  await serving.put('dogs/b.jpg', 'b');
  const client = await serving.connect();
  client.send(encode.clientHello({ versions: [1], token: TOKEN }));
  await client.until(() => client.frames.length > 0);
  return client;
}

test('it ends with UNAUTHORIZED when the token is removed', async () => {
  let tokens: readonly TokenLine[] = [{ name: 'lab', token: TOKEN, prefixes: undefined }];
  const client = await withToken(() => tokens);
  await watching(client);
  await waits(client);
  tokens = [];
  await client.closed();
  expect(client.errorCodes).toContain('UNAUTHORIZED');
});

test('a token that comes to read other images sees another generation', async () => {
  let tokens: readonly TokenLine[] = [{ name: 'lab', token: TOKEN, prefixes: ['cats'] }];
  const client = await withToken(() => tokens);
  const unless = await watching(client);
  await waits(client);
  tokens = [{ name: 'lab', token: TOKEN, prefixes: ['cats', 'dogs'] }];
  expect(await client.generation(2)).not.toBe(unless);
});

test('a token for some folders hears of nothing elsewhere', async () => {
  const client = await withToken(() => [{ name: 'lab', token: TOKEN, prefixes: ['cats'] }]);
  const unless = await watching(client);
  await waits(client);
  await serving.put('dogs/b.jpg', 'another');
  await serving.put('dogs/c.jpg', 'c');
  // The change has been taken in.
  expect((await serving.catalog.list({ limit: 10 })).images).toHaveLength(3);
  client.send(encode.list(3, { unless }));
  expect(await client.page(3)).toMatchObject({ generation: unless, unchanged: true });
  expect(client.replyTo(2)).toBeUndefined();
  await serving.put('cats/d.jpg', 'd');
  const now = await client.generation(2);
  expect(now).not.toBe(unless);
  await unlink(`${serving.folder}/dogs/b.jpg`);
  expect(await generationOf(client, 4)).toBe(now);
});

test('a client that has gone is not waited for', async () => {
  serving = await Serving.start({ timeouts: OFTEN });
  const client = await serving.greeted();
  await watching(client);
  await waits(client);
  client.socket.destroy();
  await eventually(() => serving.server.connections === 0);
});
