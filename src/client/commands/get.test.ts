import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  connect,
  openLock,
  serve,
  type DownloadOptions,
  type LogFields,
  type Names,
  type ServeHandle,
} from '../../index';
import { newOwnerId } from '../disk/owner';

/** Enough for an index. */
const MANY = 300;

let base: string;
let server: ServeHandle;
let requests: string[];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  await mkdir(join(base, 'images', 'folder'), { recursive: true });
  requests = [];
});
afterEach(async () => {
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

const nothing = () => undefined;
const log = {
  debug: nothing,
  warn: nothing,
  error: nothing,
  info: (_: string, fields: LogFields = {}) => add(fields),
};

function add({ request }: LogFields): void {
  requests.push(String(request));
}

async function serveImages(count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `folder/${i}.jpg`);
  await Promise.all(names.map((name) => writeFile(join(base, 'images', name), name)));
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1', log });
}

const output = () => join(base, 'out');

async function put(path: string, text = path): Promise<void> {
  await mkdir(dirname(join(base, path)), { recursive: true });
  await writeFile(join(base, path), text);
}

async function get(names?: Names, options: DownloadOptions = {}, signal?: AbortSignal) {
  requests = [];
  const client = connect({ port: server.port, signal });
  try {
    return await client.download(names, { output: output(), ...options });
  } finally {
    client.close();
  }
}

const asked = (kind: string) => requests.filter((request) => request === kind).length;

test.each([[undefined], [['folder']], [['folder/*.jpg']]])(
  'what the index vouches for is neither read nor asked for again: %p',
  async (names) => {
    await serveImages(MANY);
    expect(await get(names)).toMatchObject({ downloaded: MANY });
    expect(await get(names)).toMatchObject({ identical: MANY, bytesReceived: 0, failed: 0 });
    expect([asked('GET'), asked('DIGESTS')]).toEqual([0, 0]);
  },
);

test('a file that was touched is compared', async () => {
  await serveImages(MANY);
  await get();
  await appendFile(join(output(), 'folder/7.jpg'), '!');
  const results: string[] = [];
  await get(undefined, { onResult: ({ code }) => code && results.push(code) });
  expect(results).toEqual(['EXISTS']);
  expect(await get(undefined, { overwrite: true })).toMatchObject({ downloaded: 1, identical: MANY - 1 });
});

test('an image that is another on the server is fetched', async () => {
  await serveImages(MANY);
  await get();
  await writeFile(join(base, 'images/folder/7.jpg'), 'another');
  expect(await get(undefined, { overwrite: true })).toMatchObject({ downloaded: 1, identical: MANY - 1 });
});

test('after a run that was ended early, what it had brought is not read again', async () => {
  await serveImages(2 * MANY);
  const abort = new AbortController();
  let count = 0;
  const onResult = () => void (++count === MANY && abort.abort());
  await expect(get(undefined, { onResult }, abort.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  const { identical, downloaded } = await get();
  expect(identical).toBeGreaterThanOrEqual(MANY);
  expect(identical + downloaded).toBe(2 * MANY);
  expect(asked('DIGESTS')).toBeLessThan(identical);
});

test('for a few images nothing is kept', async () => {
  await serveImages(20);
  await get();
  expect(existsSync(join(output(), '.reso'))).toBe(false);
  expect(await get()).toMatchObject({ identical: 20 });
  expect(existsSync(join(output(), '.reso'))).toBe(false);
});

/** What became of each image: its outcome, or its code where it failed. */
async function outcomes(names?: Names, options: DownloadOptions = {}) {
  const results: Record<string, string> = {};
  const onResult: DownloadOptions['onResult'] = ({ name, outcome, code }) =>
    (results[name] = code ?? outcome);
  const summary = await get(names, { ...options, onResult });
  return { results, summary };
}

describe('exclude', () => {
  beforeEach(async () => {
    for (const name of ['a.jpg', 'b[1].jpg', 'raw/c.jpg', 'raw/deep/d.jpg', 'web/e.jpg'])
      await put(`images/${name}`);
    await serveImages(1);
  });

  test.each<[string[], string[]]>([
    [['raw/**'], ['a.jpg', 'b[1].jpg', 'folder/0.jpg', 'web/e.jpg']],
    [
      ['raw', 'folder/'],
      ['a.jpg', 'b[1].jpg', 'web/e.jpg'],
    ],
    [['raw/*.jpg'], ['a.jpg', 'b[1].jpg', 'folder/0.jpg', 'raw/deep/d.jpg', 'web/e.jpg']],
    // What is there under the very name is no glob.
    [
      ['b[1].jpg', 'r*', '**/e.jpg'],
      ['a.jpg', 'folder/0.jpg'],
    ],
  ])('%j', async (exclude, expected) => {
    const { results, summary } = await outcomes(undefined, { exclude });
    expect(Object.keys(results).sort()).toEqual(expected);
    expect(summary).toMatchObject({ failed: 0, unusedExcludes: [] });
  });

  test('it holds for names and folders that are named, whether they are there or not', async () => {
    const names = ['a.jpg', 'raw', 'nope.jpg', { name: 'web/e.jpg' }];
    const { results, summary } = await outcomes(names, { exclude: ['raw/deep', 'nope.*', 'web', 'typo'] });
    expect(results).toEqual({ 'a.jpg': 'downloaded', 'raw/c.jpg': 'downloaded' });
    expect(summary.unusedExcludes).toEqual(['typo']);
  });

  test('it holds for what is locked', async () => {
    await put('images.lock', '# reso lock 1\n');
    const client = connect({ port: server.port });
    let text = '';
    for await (const piece of client.lock()) text += piece;
    client.close();
    await put('images.lock', text);
    const locked = await openLock(join(base, 'images.lock'));
    const { results } = await outcomes(undefined, { locked, exclude: ['**/*.jpg'] });
    expect(results).toEqual({});
    expect((await outcomes(['raw'], { locked, exclude: ['raw/c.jpg'] })).results).toEqual({
      'raw/deep/d.jpg': 'downloaded',
    });
  });

  test('what is no glob is refused', async () => {
    await expect(get(undefined, { exclude: ['['] })).rejects.toMatchObject({ code: 'USAGE' });
  });
});

test('a large image in a locked state comes over all connections, with the time that it has on the server', async () => {
  const path = join(base, 'images', 'large.tif');
  await writeFile(path, Buffer.alloc(20_000_000, 'large'));
  await utimes(path, 1_000_000_000, 1_000_000_000);
  await serveImages(0);
  const client = connect({ port: server.port, retries: 0 });
  let text = '';
  for await (const piece of client.lock()) text += piece;
  await put('images.lock', text);
  requests = [];
  const locked = await openLock(join(base, 'images.lock'));
  const summary = await client.download(undefined, { locked, output: output() });
  client.close();
  expect(summary).toMatchObject({ downloaded: 1, failed: 0 });
  expect((await stat(join(output(), 'large.tif'))).mtimeMs).toBe(1_000_000_000_000);
  expect(asked('GET')).toBeGreaterThan(4);
});

describe('dryRun', () => {
  const NAMES = ['same.jpg', 'other.jpg', 'd', 'is-folder.jpg', 'nope.jpg', '*.gif', 'file/in.jpg'];

  beforeEach(async () => {
    for (const name of ['same.jpg', 'other.jpg', 'd/new.jpg', 'd/e/old.jpg', 'is-folder.jpg', 'file/in.jpg'])
      await put(`images/${name}`, name);
    await put('out/same.jpg', 'same.jpg');
    await put('out/other.jpg', 'edited');
    await put('out/d/e/old.jpg', 'd/e/OLD.jpg');
    await put('out/is-folder.jpg/mine');
    await put('out/file');
    await put(`out/.reso/${newOwnerId()}.sock`);
    await serveImages(1);
  });

  const files = async () => (await readdir(output(), { recursive: true })).sort();

  test.each([{}, { overwrite: true }])(
    'foresees what a run does, and writes nothing: %j',
    async (options) => {
      const before = await files();
      const planned = await outcomes(NAMES, { ...options, dryRun: true });
      expect(await files()).toEqual(before);
      expect([asked('GET'), asked('FETCH')]).toEqual([0, 0]);
      const done = await outcomes(NAMES, options);
      expect(planned.results).toEqual(done.results);
      expect(planned.results).toMatchObject({
        'same.jpg': 'identical',
        'other.jpg': options.overwrite ? 'downloaded' : 'EXISTS',
        'd/new.jpg': 'downloaded',
        'is-folder.jpg': 'EXISTS',
        'nope.jpg': 'NOT_FOUND',
        '*.gif': 'NOT_FOUND',
        'file/in.jpg': 'FOLDER',
      });
      const { bytesReceived, bytes, ...counts } = done.summary;
      expect(planned.summary).toMatchObject({ ...counts, bytes, bytesReceived: 0 });
      expect(bytesReceived).toBeGreaterThan(0);
    },
  );

  test('makes no folder', async () => {
    const there = join(base, 'new/deep');
    expect(await get(undefined, { output: there, dryRun: true })).toMatchObject({ downloaded: 7, failed: 0 });
    expect(existsSync(join(base, 'new'))).toBe(false);
  });

  test('looks at the index of an earlier run, and asks for no digest of what that vouches for', async () => {
    await server.close({ grace: 0 });
    await serveImages(MANY);
    await get(['folder']);
    expect(await get(['folder'], { dryRun: true })).toMatchObject({ identical: MANY, downloaded: 0 });
    expect(asked('DIGESTS')).toBe(0);
  });

  test('with a lock, what the server has in another state', async () => {
    const client = connect({ port: server.port });
    let text = '';
    for await (const piece of client.lock({ globs: ['d', 'same.jpg'] })) text += piece;
    client.close();
    await put('images.lock', text);
    const locked = await openLock(join(base, 'images.lock'));
    await put('images/d/new.jpg', 'newer than the lock');
    await rm(join(base, 'images/d/e'), { recursive: true });
    const planned = await outcomes(undefined, { locked, overwrite: true, dryRun: true });
    expect(planned.results).toEqual({
      'd/e/old.jpg': 'LOCKED',
      'd/new.jpg': 'LOCKED',
      'same.jpg': 'identical',
    });
    expect((await outcomes(undefined, { locked, overwrite: true })).results).toEqual(planned.results);
  });
});
