import { randomBytes } from 'node:crypto';
import type * as Fs from 'node:fs';
import type * as FsPromises from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ResoError } from '../errors';
import { serve, type ServeHandle } from '../index';
import type { Client } from './client';
import { connect } from './connect';
import { Partial } from './disk/partial';
import { WorkFolder } from './disk/work-folder';
import type * as FileFaults from './fixtures/file-faults';
import { fileFaults, type Fault } from './fixtures/file-faults';

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

const MIB = 1_048_576;
const NAME = 'a/b.tif';
const small = randomBytes(50_000);
const large = randomBytes(3 * MIB);
/** More than one block. */
const blocks = large.subarray(0, 1.5 * MIB);
const old = Buffer.from('what lay here before');
const ERRORS: readonly Fault[] = ['EIO', 'ENOSPC', 'EACCES', 'EROFS'];

let base: string;
let images: string;
/** Below this, calls fail. */
let here: string;
let output: string;
let target: string;
let server: ServeHandle;
let client: Client;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'reso-')));
  images = join(base, 'images');
  here = join(base, 'here');
  output = join(here, 'out');
  target = join(output, NAME);
  await mkdir(join(images, 'a'), { recursive: true });
  server = await serve({ folder: images, port: 0, host: '127.0.0.1' });
  client = connect({ port: server.port, connections: 2 });
});

afterAll(async () => {
  client.close();
  await server.close({ grace: 0 });
  await rm(base, { recursive: true });
});

interface Scenario {
  readonly image: Buffer;
  /** What lies at the image's place before. */
  readonly before?: Buffer;
  /** Bytes that an earlier run left of it. */
  readonly partial?: number;
  readonly run: (durable: boolean) => Promise<readonly End[]>;
}

/** What was said of an image. */
interface End {
  readonly outcome: string;
  readonly error?: ResoError | undefined;
}

async function get(durable: boolean): Promise<readonly End[]> {
  const ends: End[] = [];
  await client.download([NAME], { output, overwrite: true, durable, onResult: (end) => ends.push(end) });
  return ends;
}

async function sync(durable: boolean): Promise<readonly End[]> {
  const ends: End[] = [];
  await client.sync(output, { durable, onResult: (end) => ends.push(end) });
  return ends;
}

async function repair(durable: boolean): Promise<readonly End[]> {
  const ends: End[] = [];
  await client.verify({ folder: output, repair: true, durable, onResult: (end) => ends.push(end) });
  return ends;
}

const damaged = Buffer.from(blocks);
damaged.fill(0, 0, 10);

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'get a small image': { image: small, run: get },
  'get a large image': { image: large, run: get },
  'get the rest of an image': { image: large, partial: 1.5 * MIB, run: get },
  'get over a small image': { image: small, before: old, run: get },
  'get over a large image': { image: large, before: old, run: get },
  'get what is there': { image: small, before: small, run: get },
  'sync a small image': { image: small, before: old, run: sync },
  'sync what is there, with another time': { image: small, before: small, run: sync },
  'repair blocks': { image: blocks, before: damaged, run: repair },
  'repair what is missing': { image: small, run: repair },
};

async function prepare({ image, before, partial }: Scenario): Promise<void> {
  await rm(here, { recursive: true, force: true });
  await mkdir(here);
  if (before) {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, before);
  }
  if (partial !== undefined) await leavePartial(image.subarray(0, partial), image.length);
}

async function leavePartial(bytes: Buffer, size: number): Promise<void> {
  const { mtime, version } = await client.stat(NAME);
  const work = new WorkFolder(output);
  const note = { name: NAME, server: client.address, size, mtime, version };
  const partial = Partial.begin(work, note);
  partial.append(bytes);
  await partial.keep();
  await work.leave();
}

/** Paths below `here` that are open. */
async function openFiles(): Promise<string[]> {
  const fds = await readdir('/proc/self/fd');
  const paths = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(here));
}

/** Makes the `nth` call fail; false if there were not that many. */
async function tryFault(scenario: Scenario, durable: boolean, nth: number, fault: Fault): Promise<boolean> {
  await prepare(scenario);
  fileFaults.arm(here, nth, fault);
  const ended = await scenario.run(durable).catch((error: unknown) => error);
  fileFaults.disarm();
  const { failed } = fileFaults;
  const told = failed && `${fault} in call ${nth}, ${failed.name} of ${failed.where}`;
  expect({ told, faults: await faultsOf(scenario, ended) }).toEqual({ told, faults: [] });
  if (durable && /\.part$/.test(failed?.where ?? '') && /^f?sync/.test(failed!.name)) {
    expect({ told, ended }).toEqual({ told, ended: [expect.objectContaining({ code: 'DISK' })] });
    expect((await readFile(target).catch(() => undefined))?.equals(scenario.image) ?? false).toBe(false);
  }
  const again = await scenario.run(durable).catch((error: unknown) => error);
  expect({ told, again }).toEqual({ told, again: [expect.not.objectContaining({ outcome: 'failed' })] });
  expect({ told, files: await filesLeft() }).toEqual({ told, files: [NAME] });
  expect((await readFile(target)).equals(scenario.image)).toBe(true);
  return failed !== undefined;
}

/** What is not as it must be, whatever failed. */
async function faultsOf({ image, before }: Scenario, ended: unknown): Promise<string[]> {
  const faults: string[] = [];
  const errors = Array.isArray(ended) ? (ended as End[]).flatMap(({ error }) => error ?? []) : [ended];
  for (const error of errors) {
    if (error instanceof ResoError && (error.code === 'DISK' || error.code === 'FOLDER')) continue;
    faults.push(`ended with ${String(error)}`);
  }
  const found = await readFile(target).catch(() => undefined);
  const isWhole = found?.equals(image) ?? false;
  if (!isWhole && !(before ? found?.equals(before) : found === undefined))
    faults.push('another file is there');
  if (errors.length === 0 && !isWhole) faults.push('it is said to be there, and is not');
  faults.push(...(await openFiles()).map((path) => `${path} is open`));
  return faults;
}

/** All files below the output folder, but the index of a sync. */
async function filesLeft(): Promise<string[]> {
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  const hasIndex = paths.includes(join(output, '.reso/index'));
  const work = entries.filter(({ name }) => name === '.reso' && !hasIndex).map(() => '.reso');
  return paths
    .map((path) => path.slice(output.length + 1))
    .filter((path) => path !== '.reso/index' && path !== '.reso/index-of')
    .concat(work);
}

describe.each([false, true])('durable: %s', (durable) => {
  test.each(Object.entries(SCENARIOS))('%s, with each call failing once', async (_, scenario) => {
    await writeFile(join(images, NAME), scenario.image);
    let nth = 1;
    while (await tryFault(scenario, durable, nth, ERRORS[nth % ERRORS.length]!)) nth++;
    expect(nth).toBeGreaterThan(durable ? 5 : 3);
    for (nth = 1; await tryFault(scenario, durable, nth, 'short write');) nth++;
  });
});
