import { connect as connectPlain } from 'node:net';
import { connect } from './client';
import { encode, MessageType } from './protocol';
import { RawClient } from './server/fixtures/raw-client';
import { Serving } from './server/fixtures/serving';
import { openCatalog, type FindFacts } from './catalog';
import { openFolder } from './stores';
import { startServer } from './server';

let serving: Serving;
beforeEach(async () => {
  serving = await Serving.start();
  await serving.put('a.jpg', 'image');
  await serving.put('b/c.png', 'other image');
});
afterEach(() => serving.stop());

test('a list tells what images are, if somebody wants to know', async () => {
  const store = await openFolder(serving.folder);
  const findFacts: FindFacts = async (open) => {
    const image = await open();
    await image.close();
    return { format: 'jpeg', width: image.size, height: 1, canRender: true };
  };
  const catalog = await openCatalog({ store, findFacts });
  const server = await startServer({ catalog, host: '127.0.0.1', port: 0 });
  const client = connect({ port: server.port });
  const widths = async (facts?: true) => {
    const found: (number | undefined)[] = [];
    for await (const image of client.list({ facts })) found.push(image.facts?.width);
    return found;
  };
  expect(await widths()).toEqual([undefined, undefined]);
  expect(await widths(true)).toEqual([5, 11]);
  client.close();
  await server.close({ graceMs: 0 });
  await catalog.close();
});

test('a page that waits for facts says that it is being worked on', async () => {
  const store = await openFolder(serving.folder);
  let found!: () => void;
  const isFound = new Promise<void>((resolve) => (found = resolve));
  const findFacts: FindFacts = async () => {
    await isFound;
    return { format: 'jpeg', canRender: true };
  };
  const catalog = await openCatalog({ store, findFacts });
  const server = await startServer({ catalog, host: '127.0.0.1', port: 0, timeouts: { working: 10 } });
  const client = new RawClient(connectPlain(server.port, '127.0.0.1'));
  client.send(encode.clientHello({ versions: [1] }), encode.list(1, { facts: true, limit: 1 }));
  const isWorking = () => client.frames.some(({ type }) => type === MessageType.WORKING);
  await client.until(isWorking);
  found();
  await client.until(() => client.replyTo(1) !== undefined);
  expect(client.replyTo(1)!.payload.toString()).toContain('"format":"jpeg"');
  client.socket.destroy();
  await server.close({ graceMs: 0 });
  await catalog.close();
});

test('a server that can’t find out says nothing of them', async () => {
  const client = connect({ port: serving.server.port });
  for await (const image of client.list({ facts: true })) expect(image).not.toHaveProperty('facts');
  client.close();
});
