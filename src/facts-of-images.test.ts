import { connect } from './client';
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

test('a server that can’t find out says nothing of them', async () => {
  const client = connect({ port: serving.server.port });
  for await (const image of client.list({ facts: true })) expect(image).not.toHaveProperty('facts');
  client.close();
});
