import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareNames } from '../../names';
import { encode, MessageType } from '../../protocol';
import type { Client } from '../client';
import { connect } from '../connect';
import { FakeServer, type Request } from '../fixtures/fake-server';
import type { ConnectOptions } from '../net/settings';
import { newProgress } from '../progress';
import type { DownloadResult } from '../result';
import type { DownloadOptions } from './options';

const MIB = 1_048_576;
const state = { mtime: 0, version: 'v' };
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let base: string;
let output: string;
let server: FakeServer;
let client: Client;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  output = join(base, 'out');
});
afterEach(async () => {
  client.close();
  await server.close();
  await rm(base, { recursive: true });
});

async function start(answer: (request: Request) => void, options: ConnectOptions = {}): Promise<void> {
  server = await FakeServer.start(answer);
  client = connect({ port: server.port, connections: 1, ...options });
}

async function get(
  names: Iterable<string> | AsyncIterable<string>,
  options: DownloadOptions = {},
): Promise<DownloadResult[]> {
  const results: DownloadResult[] = [];
  await client.download(names, { output, onResult: (result) => results.push(result), ...options });
  return results;
}

const missing = ({ socket, id }: Request) =>
  void socket.write(encode.error(id, { code: 'NOT_FOUND', message: 'None.' }));

function page({ socket, id }: Request, ...names: string[]): void {
  const images = names.sort(compareNames).map((name) => ({ name, size: 1, ...state }));
  socket.write(encode.page(id, { generation: 'g', images }));
}

function deliver({ socket, id, fields }: Request, image: Buffer, version = 'v'): void {
  const offset = (fields['offset'] as number | undefined) ?? 0;
  const bytes = image.subarray(offset);
  const delivery = { mtime: 0, version, size: image.length, offset, length: bytes.length };
  socket.write(encode.delivery(id, delivery));
  for (let at = 0; at < bytes.length; at += MIB) socket.write(encode.data(id, bytes.subarray(at, at + MIB)));
  socket.write(encode.end(id, { sha256: sha256(image) }));
}

/** Has images in `f/` alone. */
function folderOfTwo(request: Request): void {
  const { type, fields } = request;
  const globs = (fields['globs'] ?? []) as string[];
  if (type === MessageType.LIST) page(request, ...(globs.includes('f/**') ? ['f/1.jpg', 'f/2.jpg'] : []));
  else if (String(fields['name']).startsWith('f/')) deliver(request, Buffer.from('x'));
  else missing(request);
}

test('what is no image, and no folder either, is counted once', async () => {
  await start(folderOfTwo);
  const progress = newProgress();
  const results = await get(['f', 'nope'], { progress });
  expect(results.map(({ name, code }) => [name, code]).sort()).toEqual([
    ['f/1.jpg', undefined],
    ['f/2.jpg', undefined],
    ['nope', 'NOT_FOUND'],
  ]);
  expect(progress).toMatchObject({ imagesDone: 3, imagesTotal: 3 });
});

test('a glob that nothing matches is done', async () => {
  await start(folderOfTwo);
  const progress = newProgress();
  expect(await get(['g/*.jpg'], { progress })).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect(progress).toMatchObject({ imagesDone: 1, imagesTotal: 1 });
});

test('thousands of names that the server does not know cost few requests, and are all told', async () => {
  let lists = 0;
  await start((request) => {
    if (request.type === MessageType.LIST) lists++;
    folderOfTwo(request);
  });
  const results = await get([...Array.from({ length: 2000 }, (_, i) => `${i}.jpg`), 'f']);
  expect(results.filter(({ code }) => code === 'NOT_FOUND')).toHaveLength(2000);
  expect(results.filter(({ outcome }) => outcome === 'downloaded')).toHaveLength(2);
  expect(lists).toBeLessThan(150);
});

test('what was not looked for as a folder before an interruption is told, too', async () => {
  const abort = new AbortController();
  await start(
    (request) => {
      if (request.type === MessageType.LIST) abort.abort();
      else missing(request);
    },
    { signal: abort.signal },
  );
  const results: DownloadResult[] = [];
  const done = get(['a', 'b', 'c'], { onResult: (result) => results.push(result) });
  await expect(done).rejects.toMatchObject({ code: 'ABORTED' });
  expect(results.map(({ name, code }) => [name, code]).sort()).toEqual([
    ['a', 'ABORTED'],
    ['b', 'ABORTED'],
    ['c', 'ABORTED'],
  ]);
});

test('a folder of which the list does not come, and what was named behind it, are told', async () => {
  await start(
    (request) => {
      const globs = (request.fields['globs'] ?? []) as string[];
      if (globs.length === 1 && globs[0] === 'f/**') request.socket.destroy();
      else if (globs.length > 0) page(request, 'f/1.jpg');
      else missing(request);
    },
    { retries: 0 },
  );
  const results: DownloadResult[] = [];
  const done = get(['f', 'g'], { onResult: (result) => results.push(result) });
  await expect(done).rejects.toMatchObject({ code: 'DISCONNECTED' });
  expect(results.map(({ name, code }) => [name, code])).toEqual([
    ['f', 'DISCONNECTED'],
    ['g', 'DISCONNECTED'],
  ]);
});

test('an interruption does not wait for the next name', async () => {
  const abort = new AbortController();
  async function* names() {
    yield 'nope';
    setImmediate(() => abort.abort());
    await new Promise(() => undefined);
  }
  await start(missing, { signal: abort.signal });
  await expect(get(names())).rejects.toMatchObject({ code: 'ABORTED' });
});

test('what the caller throws ends the download, with that', async () => {
  await start((request) => deliver(request, Buffer.from('x')));
  const thrown = new Error('mine');
  const done = get(['a.jpg', 'b.jpg'], {
    onResult: () => {
      throw thrown;
    },
  });
  await expect(done).rejects.toBe(thrown);
  expect(existsSync(join(output, '.reso'))).toBe(false);
});

test('where nobody is there, that is found out once, however many names there are', async () => {
  let retries = 0;
  await start(missing, { retries: 1, onRetry: () => retries++ });
  await server.close();
  const results = await get(Array.from({ length: 2000 }, (_, i) => `${i}.jpg`));
  expect(results.filter(({ code }) => code === 'UNREACHABLE')).toHaveLength(2000);
  expect(retries).toBe(1);
  server = await FakeServer.start(missing);
});

describe('a partial of an earlier run', () => {
  const first = Buffer.alloc(3 * MIB, 'one');

  async function leavePartial(): Promise<void> {
    await start(
      ({ socket, id }) => {
        socket.write(encode.delivery(id, { ...state, size: first.length, offset: 0, length: first.length }));
        socket.write(encode.data(id, first.subarray(0, MIB)));
        socket.end(encode.data(id, first.subarray(MIB, 2 * MIB)));
      },
      { retries: 0 },
    );
    await get(['a.jpg']);
    expect(await readdir(join(output, '.reso'))).toHaveLength(2);
    client.close();
    await server.close();
  }

  test('that has become stale is no failed try', async () => {
    await leavePartial();
    const second = Buffer.alloc(2 * MIB, 'two');
    await start(
      (request) => {
        if (request.fields['version'] === undefined) deliver(request, second, 'w');
        else request.socket.write(encode.error(request.id, { code: 'CHANGED', message: 'Changed.' }));
      },
      { retries: 0 },
    );
    expect(await get(['a.jpg'])).toMatchObject([{ outcome: 'downloaded', resumedFrom: 0, attempts: 2 }]);
  });

  test('of another size than the server says now is dropped, though the version be the same', async () => {
    await leavePartial();
    const second = Buffer.alloc(4 * MIB, 'two');
    await start((request) => deliver(request, second), { retries: 1 });
    expect(await get(['a.jpg'])).toMatchObject([{ outcome: 'downloaded', resumedFrom: 0 }]);
    expect((await readFile(join(output, 'a.jpg'))).equals(second)).toBe(true);
    expect(await readdir(output)).toEqual(['a.jpg']);
  });
});

test('an image that is named again after it failed is tried again', async () => {
  const image = Buffer.alloc(2 * MIB, 'one');
  let asked = 0;
  await start((request) => {
    const { socket, id } = request;
    if (++asked > 1) return deliver(request, image);
    socket.write(encode.delivery(id, { ...state, size: image.length, offset: 0, length: image.length }));
    socket.write(encode.data(id, image.subarray(0, MIB)));
    socket.write(encode.data(id, image.subarray(MIB)));
    socket.write(encode.error(id, { code: 'UNREADABLE', message: 'No.' }));
  });
  let told!: () => void;
  const failed = new Promise<void>((resolve) => (told = resolve));
  async function* names() {
    yield 'a.jpg';
    await failed;
    yield 'b.jpg';
    yield 'a.jpg';
  }
  const results: DownloadResult[] = [];
  await mkdir(output);
  await get(names(), { onResult: (result) => void (results.push(result), told()) });
  expect(results.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
    'a.jpg downloaded',
    'a.jpg failed',
    'b.jpg downloaded',
  ]);
});

test('a work folder that is a link is not followed', async () => {
  await start((request) => deliver(request, Buffer.alloc(100)));
  await mkdir(join(output, 'elsewhere'), { recursive: true });
  await symlink('elsewhere', join(output, '.reso'));
  expect(await get(['a.jpg'])).toMatchObject([{ outcome: 'failed', code: 'FOLDER' }]);
  expect(await readdir(join(output, 'elsewhere'))).toEqual([]);
});
