import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, serve, type DownloadOptions, type LogFields, type ServeHandle } from '../../index';

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

async function get(names?: string[], options: DownloadOptions = {}, signal?: AbortSignal) {
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
