import { appendFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type ServeHandle, type SyncOptions } from '../../../index';

let base: string;
let images: string;
let output: string;
let server: ServeHandle;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  output = join(base, 'out');
  await mkdir(join(images, 'd'), { recursive: true });
  for (const name of ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', 'd/a.jpg']) {
    await writeFile(join(images, name), name);
  }
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
  await sync();
});

afterEach(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

/** Why files were kept. */
async function sync(options: SyncOptions = {}): Promise<Record<string, string>> {
  const client = connect({ port: server.port });
  const kept: Record<string, string> = {};
  try {
    await client.sync(output, {
      ...options,
      onResult: ({ name, outcome, error }) => void (outcome === 'kept' && (kept[name] = error!.message)),
    });
    return kept;
  } finally {
    client.close();
  }
}

test('why files are kept', async () => {
  await rm(join(images, '1.jpg'));
  await rm(join(images, '2.jpg'));
  await utimes(join(output, '1.jpg'), 1, 1);
  await appendFile(join(output, '2.jpg'), 'more');
  await writeFile(join(output, 'mine.jpg'), '');
  expect(await sync({ delete: true })).toEqual({
    '1.jpg': expect.stringContaining(
      'it may have been changed after a sync downloaded it: its times differ.',
    ),
    '2.jpg': expect.stringContaining('it was changed after a sync downloaded it.'),
    'mine.jpg': expect.stringContaining('no sync downloaded it.'),
  });
});

test('that nothing is selected is not taken for a server without images', async () => {
  await rm(join(images, 'd'), { recursive: true });
  await expect(sync({ delete: true, include: ['d'] })).rejects.toMatchObject({
    code: 'TOO_MANY_GONE',
    message: expect.stringContaining('no image of the server is selected.'),
  });
  await expect(sync({ delete: true, exclude: ['*.jpg'] })).rejects.toMatchObject({
    message: expect.stringContaining('--include and --exclude may be wrong'),
  });
});

test('a server without images is said to have none', async () => {
  await rm(images, { recursive: true });
  await mkdir(images);
  await expect(sync({ delete: true, include: [], exclude: [] })).rejects.toMatchObject({
    message: expect.stringContaining('the server has no images.'),
  });
});
