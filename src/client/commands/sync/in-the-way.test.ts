import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, serve, type ServeHandle, type SyncOptions, type SyncSummary } from '../../../index';
import { newProgress } from '../../progress';
import type { SyncResult } from './options';

const OTHERS = ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', '6.jpg'];

let base: string;
let images: string;
let output: string;
let server: ServeHandle;

/** A file becomes a folder, and a folder a file. */
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  images = join(base, 'images');
  output = join(base, 'out');
  await mkdir(images);
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
  for (const name of ['f.jpg', 'd/g.jpg/in.jpg', ...OTHERS]) await put(images, name);
  await sync();
  await rm(join(images, 'f.jpg'));
  await put(images, 'f.jpg/a.jpg');
  await put(images, 'f.jpg/b.jpg');
  await rm(join(images, 'd/g.jpg'), { recursive: true });
  await put(images, 'd/g.jpg');
});

afterEach(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

async function put(folder: string, name: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), name);
}

const progress = newProgress();

interface Synced extends SyncSummary {
  readonly results: readonly string[];
}

async function sync(options: SyncOptions = {}): Promise<Synced> {
  const client = connect({ port: server.port });
  const results: string[] = [];
  const onResult = ({ name, outcome, code }: SyncResult) =>
    void (outcome === 'identical' || results.push(`${name} ${outcome} ${code ?? ''}`.trim()));
  try {
    const summary = await client.sync(output, { onResult, progress: newProgress(), ...options });
    return { ...summary, results: results.sort() };
  } finally {
    client.close();
  }
}

const local = (name: string) => readFile(join(output, name), 'utf8');

const DONE = [
  'd/g.jpg downloaded',
  'd/g.jpg/in.jpg deleted',
  'f.jpg deleted',
  'f.jpg/a.jpg downloaded',
  'f.jpg/b.jpg downloaded',
];

test('with delete one sync is enough, and a dry run says so', async () => {
  expect((await sync({ delete: true, dryRun: true })).results).toEqual(DONE);
  expect(await local('f.jpg')).toBe('f.jpg');
  expect((await sync({ delete: true, progress })).results).toEqual(DONE);
  for (const name of ['d/g.jpg', 'f.jpg/a.jpg', 'f.jpg/b.jpg']) expect(await local(name)).toBe(name);
  expect(progress).toMatchObject({ imagesDone: 9, imagesTotal: 9, bytesDone: progress.bytesTotal });
  expect((await sync({ delete: true })).results).toEqual([]);
});

const FAILED = ['d/g.jpg failed EXISTS', 'f.jpg/a.jpg failed FOLDER', 'f.jpg/b.jpg failed FOLDER'];

test('without delete they fail, and a dry run says so', async () => {
  expect((await sync({ dryRun: true })).results).toEqual(FAILED);
  expect((await sync()).results).toEqual(FAILED);
});

test('what may not be deleted stays, and is in the way', async () => {
  await writeFile(join(output, 'f.jpg'), 'edited');
  await put(output, 'd/g.jpg/.mine');
  const expected = [...FAILED, 'd/g.jpg/in.jpg deleted', 'f.jpg kept EXISTS'].sort();
  expect((await sync({ delete: true, dryRun: true })).results).toEqual(expected);
  expect((await sync({ delete: true })).results).toEqual(expected);
  expect(await local('f.jpg')).toBe('edited');
  expect(await readdir(join(output, 'd/g.jpg'))).toEqual(['.mine']);
});

test('they are told of where nothing is deleted at all', async () => {
  for (const name of OTHERS) await rm(join(images, name));
  const results: string[] = [];
  const onResult = ({ name }: SyncResult) => results.push(name);
  await expect(sync({ delete: true, onResult })).rejects.toMatchObject({ code: 'TOO_MANY_GONE' });
  expect(results.sort()).toEqual(['d/g.jpg', 'f.jpg/a.jpg', 'f.jpg/b.jpg']);
});
