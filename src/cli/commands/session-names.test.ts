import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, serve, type Client, type ServeHandle } from '../../index';
import { captured } from '../fixtures/captured';
import { asksForList, completer, printNames } from './session-names';

let base: string;
let server: ServeHandle;
let client: Client;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
});

afterEach(async () => {
  client.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function serving(...names: string[]): Promise<void> {
  for (const path of names.map((name) => join(base, name))) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'GIF89a');
  }
  server = await serve({ folder: base, port: 0, host: '127.0.0.1', also: ['ls', '?', 'ls/**'] });
  client = connect({ port: server.port, retries: 0 });
}

async function printed(): Promise<string[]> {
  const screen = captured();
  await printNames(client, screen.terminal);
  return screen.out().trimEnd().split('\n');
}

test('names and folders that begin like the answer', async () => {
  await serving(
    'img.jpg',
    'image 2.jpg',
    'ideas/a.jpg',
    'ideas/more/b.jpg',
    'x[1].gif',
    'x1.gif',
    'i\u202e.gif',
  );
  const complete = completer(() => client);
  expect(await complete('i')).toEqual(['ideas/', 'image 2.jpg', 'img.jpg']);
  expect(await complete('image 2')).toEqual(['image 2.jpg']);
  expect(await complete('ideas/')).toEqual(['ideas/a.jpg', 'ideas/more/']);
  expect(await complete('x[')).toEqual(['x[1].gif']);
  expect(await complete('nope')).toEqual([]);
});

test('who is not there completes nothing, and says nothing', async () => {
  await serving('img.jpg');
  const gone = connect({ port: 1, retries: 0 });
  expect(await completer(() => gone)('i')).toEqual([]);
  gone.close();
});

test.each([
  ['ls', [], true],
  ['?', ['a.jpg', 'b'], true],
  ['ls', ['ls'], false],
  ['ls', ['ls/a.jpg'], false],
  ['?', ['?'], false],
  ['list', [], false],
])('%s asks for a list where there are %j: %s', async (answer, names, asks) => {
  await serving('img.jpg', ...names);
  expect(await asksForList(client, answer)).toBe(asks);
});

test('a list is bounded, and says how much more there is', async () => {
  await serving(...Array.from({ length: 1053 }, (_, i) => `${i}.gif`));
  const lines = await printed();
  expect(lines).toHaveLength(51);
  expect(lines[50]).toBe("… and 1,003 more: 'reso ls' lists them all.");
});

test('a short list is all there is', async () => {
  await serving('b.gif', 'a.gif');
  expect(await printed()).toEqual(['a.gif', 'b.gif']);
});

test('a server without images says so', async () => {
  await serving();
  expect(await printed()).toEqual(['The server has no images.']);
});
