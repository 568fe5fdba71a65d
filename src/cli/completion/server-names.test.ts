import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serve, type ServeHandle } from '../../index';
import { captured } from '../fixtures/captured';
import { complete } from './complete';

const NAMES = [
  'my cats.jpg',
  'my-dog.jpg',
  'a/b/c.jpg',
  'a/d.jpg',
  "it's [1].jpg",
  'x:y.jpg',
  'tab\there.jpg',
];

let folder: string;
let server: ServeHandle;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reso-completion-'));
  for (const name of NAMES) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), name);
  }
  server = await serve({ folder, host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await server.close({ grace: 0 });
  await rm(folder, { recursive: true });
});

/** What a script is told, as lines. */
async function told(args: readonly string[], RESO_SERVER?: string): Promise<string[]> {
  const { terminal, out, err } = captured();
  expect(await complete(args, { RESO_SERVER }, terminal)).toBe(0);
  expect(err()).toBe('');
  return out().split('\n').slice(0, -1);
}

const here = () => `127.0.0.1:${server.port}`;

test('names, as far as their next slash', async () => {
  const names = ['a/', "it's [1].jpg", 'my cats.jpg', 'my-dog.jpg', 'x:y.jpg'];
  expect(await told(['zsh', 'get', ''], here())).toEqual(['names', ...names]);
  expect(await told(['zsh', 'get', '-s', here(), 'a/'])).toEqual(['names', 'a/b/', 'a/d.jpg']);
  expect(await told(['fish', 'get', 'my\\ '], here())).toEqual(['names', 'my cats.jpg']);
  expect(await told(['zsh', 'get', "it's ["], here())).toEqual(['names', "it's [1].jpg"]);
});

test('bash is given what follows its last word break', async () => {
  const breaks = ' \t\n"\'@><=;|&(:';
  expect(await told(['bash', `reso get -s ${here()} x:`, breaks])).toEqual(['names', 'y.jpg']);
  expect(await told(['bash', `RESO_X=1 reso`, breaks])).toEqual(['words']);
});

describe('where there is nothing to say, nothing is said', () => {
  let deaf: Server;

  beforeAll(async () => {
    deaf = createServer();
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  });

  afterAll(() => deaf.close());

  test('no server is named', async () => expect(await told(['zsh', 'get', ''])).toEqual(['names']));

  test.each([
    ['nobody listens', () => '127.0.0.1:1'],
    ['the server never answers', () => `127.0.0.1:${(deaf.address() as { port: number }).port}`],
    ['its address makes no sense', () => 'http://'],
  ])('%s', async (_, address) => {
    const start = performance.now();
    expect(await told(['zsh', 'get', 'x'], address())).toEqual([]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
