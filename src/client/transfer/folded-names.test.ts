import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, serve, type DownloadResult, type ServeHandle } from '../../index';
import type * as FoldingFs from '../fixtures/folding-fs';
import { foldingFs } from '../fixtures/folding-fs';

jest.mock('node:fs', () => jest.requireActual<typeof FoldingFs>('../fixtures/folding-fs').foldedFs());
jest.mock('node:fs/promises', () =>
  jest.requireActual<typeof FoldingFs>('../fixtures/folding-fs').foldedPromises(),
);

let base: string;
/** Where case and Unicode form are ignored. */
let output: string;
let server: ServeHandle;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  output = join(base, 'out');
  await mkdir(join(base, 'images'));
  foldingFs.arm(output);
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
});

afterEach(async () => {
  foldingFs.disarm();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(name: string, bytes: Buffer | string): Promise<void> {
  const path = join(base, 'images', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function get(...names: string[]): Promise<DownloadResult[]> {
  const client = connect({ port: server.port });
  const results: DownloadResult[] = [];
  try {
    await client.download(names, { output, onResult: (result) => results.push(result) });
    return results;
  } finally {
    client.close();
  }
}

const small = (name: string) => name;
const large = (name: string) => Buffer.alloc(1_500_000, name);

test.each([
  ['small', small, 'a.jpg', 'A.jpg'],
  ['large', large, 'a.jpg', 'A.jpg'],
  ['in folders', small, 'd/a.jpg', 'D/a.jpg'],
  ['in Unicode form', small, 'e\u0301.jpg', '\u00e9.jpg'],
])('of two images whose names are one there the second fails: %s', async (_, bytes, one, other) => {
  for (const name of [one, other]) await put(name, bytes(name));
  const results = await get(one, other);
  const placed = results.find(({ outcome }) => outcome === 'downloaded')!;
  const refused = results.find(({ outcome }) => outcome === 'failed')!;
  expect([placed.name, refused.name].sort()).toEqual([one, other].sort());
  expect(refused).toMatchObject({
    code: 'EXISTS',
    error: { message: expect.stringContaining(`"${placed.name}"`) },
  });
  expect((await readFile(join(output, one))).equals(Buffer.from(bytes(placed.name)))).toBe(true);
});

test('of two that are the same, too, both are here', async () => {
  await put('a.jpg', 'same');
  await put('A.jpg', 'same');
  const results = await get('a.jpg', 'A.jpg');
  expect(results.map(({ outcome }) => outcome === 'failed')).toEqual([false, false]);
  expect(await readdir(output)).toHaveLength(1);
});

test('a different file of the very same name is told as ever', async () => {
  await put('a.jpg', 'one');
  await mkdir(output);
  await writeFile(join(output, 'a.jpg'), 'another');
  const [result] = await get('a.jpg');
  expect(result!.error!.message).toContain('A different file with this name already exists.');
});
