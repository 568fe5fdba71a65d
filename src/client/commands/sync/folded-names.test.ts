import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, serve, type ServeHandle, type SyncOptions, type SyncSummary } from '../../../index';
import type * as FoldingFs from '../../fixtures/folding-fs';
import { foldingFs } from '../../fixtures/folding-fs';

jest.mock('node:fs', () => jest.requireActual<typeof FoldingFs>('../../fixtures/folding-fs').foldedFs());
jest.mock('node:fs/promises', () =>
  jest.requireActual<typeof FoldingFs>('../../fixtures/folding-fs').foldedPromises(),
);

let base: string;
let images: string;
/** Where case and Unicode form are ignored. */
let output: string;
let server: ServeHandle;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  output = join(base, 'out');
  await mkdir(images);
  foldingFs.arm(output);
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
});

afterEach(async () => {
  foldingFs.disarm();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(name: string): Promise<void> {
  await mkdir(dirname(join(images, name)), { recursive: true });
  await writeFile(join(images, name), name);
}

async function sync(options: SyncOptions = {}): Promise<SyncSummary> {
  const client = connect({ port: server.port });
  try {
    return await client.sync(output, options);
  } finally {
    client.close();
  }
}

const local = async () => (await readdir(output, { recursive: true })).filter((name) => /\.jpg$/i.test(name));

test.each([
  ['case', 'p.jpg', 'P.jpg'],
  ['Unicode form', 'p\u00e9.jpg', 'pe\u0301.jpg'],
  ['the case of a folder', 'd/p.jpg', 'D/p.jpg'],
])('with delete, what was renamed in %s only stays', async (_, before, after) => {
  for (const name of [before, '1.jpg', '2.jpg', '3.jpg']) await put(name);
  await sync();
  await mkdir(dirname(join(images, after)), { recursive: true });
  await rename(join(images, before), join(images, after));
  if (dirname(before) !== '.') await rm(join(images, dirname(before)), { recursive: true });
  await rm(join(images, '1.jpg'));
  const nothingKept = { identical: 3, failed: 0, kept: 0 };
  expect(await sync({ delete: true, dryRun: true })).toMatchObject({ ...nothingKept, deleted: 1 });
  expect(await sync({ delete: true })).toMatchObject({ ...nothingKept, deleted: 1 });
  expect(await sync({ delete: true, force: true })).toMatchObject({ ...nothingKept, deleted: 0 });
  // Out of the scope it is there as well.
  expect(await sync({ delete: true, force: true, exclude: [after] })).toMatchObject({ deleted: 0 });
  expect((await local()).sort()).toEqual(['2.jpg', '3.jpg', before].sort());
});

test('with delete, what is gone under any spelling goes', async () => {
  for (const name of ['1.jpg', 'p.jpg', 'q.jpg']) await put(name);
  await sync();
  await rm(join(images, 'p.jpg'));
  expect(await sync({ delete: true })).toMatchObject({ identical: 2, deleted: 1 });
  expect((await local()).sort()).toEqual(['1.jpg', 'q.jpg']);
});

test.each([
  ['case', 'a.jpg', 'A.jpg'],
  ['Unicode form', 'e\u0301.jpg', '\u00e9.jpg'],
])('names that differ in %s only are refused, by a dry run as well', async (_, one, other) => {
  await put(one);
  await mkdir(output);
  await writeFile(join(output, 'h\u00e9.txt'), '');
  expect(await sync({ dryRun: true })).toMatchObject({ downloaded: 1 });
  await put(other);
  for (const dryRun of [true, false]) {
    await expect(sync({ dryRun })).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringMatching(`${one} and ${other}|${other} and ${one}`),
    });
  }
  expect(await local()).toEqual([]);
});
