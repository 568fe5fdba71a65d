import type * as Fs from 'node:fs';
import type * as FsPromises from 'node:fs/promises';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, openLock, serve, type Client, type Lock, type ServeHandle } from '../index';
import { FaultProxy } from '../testing/fault-proxy';
import type * as FileFaults from './fixtures/file-faults';
import { fileFaults } from './fixtures/file-faults';

jest.mock('node:fs', () =>
  jest
    .requireActual<typeof FileFaults>('./fixtures/file-faults')
    .faultyFs(jest.requireActual<typeof Fs>('node:fs')),
);
jest.mock('node:fs/promises', () =>
  jest
    .requireActual<typeof FileFaults>('./fixtures/file-faults')
    .faultyPromises(jest.requireActual<typeof FsPromises>('node:fs/promises')),
);

const IMAGES = 40;
const BYTES = 20_000;

let base: string;
let server: ServeHandle;
let proxy: FaultProxy;
let client: Client;
let locked: Lock;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'reso-')));
  await mkdir(join(base, 'images/d'), { recursive: true });
  for (let i = 0; i < IMAGES; i++) {
    await writeFile(join(base, 'images', i % 2 ? 'd' : '', `${i}.jpg`), Buffer.alloc(BYTES, i));
  }
  server = await serve({ folder: join(base, 'images'), port: 0, host: '127.0.0.1' });
  proxy = await FaultProxy.start({ port: server.port });
  client = connect({ port: proxy.port, connections: 2 });
  let text = '';
  for await (const piece of client.lock()) text += piece;
  await writeFile(join(base, 'images.lock'), text);
  locked = await openLock(join(base, 'images.lock'));
});

afterEach(() => fileFaults.disarm());

afterAll(async () => {
  client.close();
  await proxy.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

interface Told {
  readonly name: string;
  readonly error?: Error | undefined;
}

/** Each brings all images into `output`. */
const RUNS: Readonly<Record<string, (output: string, onResult: (told: Told) => void) => Promise<unknown>>> = {
  get: (output, onResult) => client.download(undefined, { output, onResult }),
  'get --dry-run': (output, onResult) => client.download(undefined, { output, dryRun: true, onResult }),
  'get --locked': (output, onResult) => client.download(undefined, { output, locked, onResult }),
  sync: (output, onResult) => client.sync(output, { onResult }),
  'verify --repair': (folder, onResult) => client.verify({ folder, repair: true, onResult }),
};

async function run(
  name: string,
  output: string,
): Promise<{ told: Told[]; error: unknown; received: number }> {
  const told: Told[] = [];
  const before = proxy.bytes;
  const error: unknown = await RUNS[name]!(output, (one) => told.push(one)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { told, error, received: proxy.bytes - before };
}

test.each(['get', 'get --dry-run', 'get --locked', 'verify --repair'])(
  '%s: a folder of another user, before any image comes',
  async (name) => {
    const output = join(base, `denied to ${name}`);
    await mkdir(output);
    for (const folder of [output, join(output, 'deep')]) {
      fileFaults.arm(output, 1, 'denied');
      const { told, error, received } = await run(name, folder);
      fileFaults.disarm();
      expect(error).toMatchObject({ code: 'FOLDER', message: expect.stringContaining('permission denied') });
      expect(told).toEqual([]);
      // The list at most.
      expect(received).toBeLessThan(IMAGES * 320 + 1000);
    }
  },
);

test('a folder of another user below is one error, and what lies elsewhere comes', async () => {
  const output = join(base, 'in part');
  await mkdir(join(output, 'd'), { recursive: true });
  fileFaults.arm(join(output, 'd'), 1, 'denied');
  const { told, error } = await run('get', output);
  expect(error).toBeUndefined();
  const errors = told.flatMap((one) => one.error ?? []);
  expect(errors).toHaveLength(IMAGES / 2);
  expect(new Set(errors).size).toBe(1);
});

/** A dry run makes no attempt that could fail. */
const WRITING = Object.keys(RUNS).filter((name) => name !== 'get --dry-run');

describe.each(WRITING)('%s', (name) => {
  // Nothing can be made there, but only an attempt shows that.
  test.each(['/proc/reso', '/proc/reso/deep'])('%s', async (output) => {
    const { told, error } = await run(name, output);
    expect(error).toMatchObject({ code: 'FOLDER', message: expect.stringContaining('/proc') });
    expect(told).toEqual([]);
  });

  test('a link that leads nowhere', async () => {
    const output = join(base, `link of ${name}`);
    await symlink('/nowhere', output);
    const { told, error, received } = await run(name, join(output, 'deep'));
    expect(error).toMatchObject({ code: 'FOLDER', message: expect.stringContaining('is a broken link') });
    expect({ told, received }).toEqual({ told: [], received: 0 });
  });

  test('a disk that is full is one error, for whichever images', async () => {
    const output = join(base, `out of ${name}`);
    await mkdir(output);
    fileFaults.arm(output, 10, 'full');
    const { told, error } = await run(name, output);
    const errors = told.flatMap((one) => one.error ?? []);
    expect(errors.length).toBeGreaterThan(IMAGES / 2);
    expect(new Set([...errors, ...(error ? [error] : [])]).size).toBe(1);
    expect(errors[0]).toMatchObject({ code: 'DISK', message: expect.stringContaining('the disk is full') });
  });
});
