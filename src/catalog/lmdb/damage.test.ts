import { randomInt } from 'node:crypto';
import { mkdtemp, open as openFile, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { LmdbDigests } from './lmdb-digests';
import { openLmdbRoot } from './root';

const COUNT = 3000;
const seed = Number(process.env['RESO_TEST_SEED'] ?? randomInt(2 ** 31));

let state: string;
let damaged: string[];
const path = () => join(state, 'catalog.lmdb');

beforeEach(async () => {
  state = await realpath(await mkdtemp(join(tmpdir(), 'reso-lmdb-')));
  damaged = [];
});
afterEach(() => rm(state, { recursive: true, force: true }));

async function digests() {
  const root = await openLmdbRoot(state, (file) => damaged.push(file));
  const store = new LmdbDigests(root, fail);
  return {
    keep: store.keep.bind(store),
    image: store.image.bind(store),
    close: () => (store.close(), root.close()),
  };
}

function fail(error: unknown): never {
  throw error;
}

const nameOf = (i: number) => `folder/image-${i}.jpg`;
const sha256Of = (i: number) => i.toString(16).padStart(64, '0');

async function fill(): Promise<void> {
  const store = await digests();
  for (let i = 0; i < COUNT; i++) store.keep(nameOf(i), `v${i}`, { sha256: sha256Of(i) });
  await store.close();
}

/** How many digests are known, each of them looked at. */
async function knownOnes(): Promise<number> {
  const store = await digests();
  let known = 0;
  for (let i = 0; i < COUNT; i++) {
    const sha256 = store.image(nameOf(i), `v${i}`);
    if (sha256 !== undefined) known++;
    expect([undefined, sha256Of(i)]).toContain(sha256);
  }
  await store.close();
  return known;
}

async function overwrite(position: number, bytes: Buffer): Promise<void> {
  const file = await openFile(path(), 'r+');
  await file.write(bytes, 0, bytes.length, position);
  await file.close();
}

test('what was kept is known again, and the file is not checked anew', async () => {
  await fill();
  expect(await readdir(state)).toContain('catalog.lmdb.sha256');
  expect(await knownOnes()).toBe(COUNT);
  expect(damaged).toEqual([]);
});

test('a file that changed since it was closed is made anew', async () => {
  await fill();
  await overwrite(await positionOf(sha256Of(7)), Buffer.from('f'));
  expect(await knownOnes()).toBe(0);
  expect(damaged).toEqual([path()]);
});

test('after a kill nobody knows how it was closed: what was turned on the disk vouches for nothing', async () => {
  await fill();
  await rm(`${path()}.sha256`);
  await overwrite(await positionOf(sha256Of(7)), Buffer.from('f'));
  expect(await knownOnes()).toBe(COUNT - 1);
  expect(damaged).toEqual([]);
});

test('pages of nonsense: the file is made anew, and no wrong digest comes of it', async () => {
  console.log(`lmdb-damage: seed ${seed}`);
  await fill();
  await rm(`${path()}.sha256`);
  const { size } = await stat(path());
  // Beyond the two pages at the begin, of which the header check takes care.
  for (let page = 2; page < size / 4096; page++) await overwrite(page * 4096, nonsense(page));
  expect(await knownOnes()).toBe(0);
  expect(damaged).toEqual([path()]);
  expect(await readdir(state)).toContain('catalog.lmdb.damaged');
});

test('a file of LMDB that is not ours is made anew', async () => {
  const stranger = open({ path: path(), noSubdir: true, maxDbs: 8 });
  await stranger.openDB({ name: 'other' }).put('folder/image-1.jpg', 'something');
  await stranger.close();
  expect(await knownOnes()).toBe(0);
  expect(damaged).toEqual([path()]);
});

test('two that come upon a damaged file at once: one moves it aside, both use the new one', async () => {
  await fill();
  await overwrite(await positionOf(sha256Of(7)), Buffer.from('f'));
  const both = await Promise.all([digests(), digests()]);
  expect(damaged).toEqual([path()]);
  both[0].keep(nameOf(1), 'v1', { sha256: sha256Of(1) });
  for (const store of both) await store.close();
  expect(await knownOnes()).toBe(1);
});

async function positionOf(text: string): Promise<number> {
  return (await readFile(path())).indexOf(text);
}

function nonsense(salt: number): Buffer {
  const bytes = Buffer.alloc(4096);
  let state = seed + salt;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}
