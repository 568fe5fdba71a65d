import { mkdir, mkdtemp, readdir, realpath, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemory } from './open-memory';

let state: string;
const path = () => join(state, 'catalog.lmdb');

beforeEach(async () => {
  state = await realpath(await mkdtemp(join(tmpdir(), 'reso-memory-')));
});
afterEach(() => rm(state, { recursive: true }));

/** What is said while a server of the folder `identity` is started and stopped. */
async function warningsOf(identity = '/srv/images', folder = state): Promise<string[]> {
  const warnings: string[] = [];
  const { close } = await openMemory(folder, { identity, factsKind: 'plain' }, (warning) =>
    warnings.push(warning),
  );
  await close();
  return warnings;
}

const kill = () => truncate(`${path()}.sha256`);

test('of a folder that is new, and of a file that is as it was left, nothing is said', async () => {
  expect(await warningsOf()).toEqual([]);
  expect(await warningsOf()).toEqual([]);
  await kill();
  expect(await warningsOf()).toEqual([]);
});

test.each([
  ['stopped', () => Promise.resolve()],
  ['killed', kill],
])('after a server was %s, that the file is gone is said once', async (_, end) => {
  await warningsOf();
  await end();
  await rm(path());
  expect(await warningsOf()).toEqual([`${path()} has disappeared. Starting a new one.`]);
  expect(await warningsOf()).toEqual([]);
});

test.each([
  ['stopped', () => Promise.resolve()],
  ['killed', kill],
])('after a server was %s, that the file was cut to nothing is said once', async (_, end) => {
  await warningsOf();
  await end();
  await truncate(path());
  expect(await warningsOf()).toEqual([expect.stringContaining('catalog.lmdb was damaged')]);
  expect(await warningsOf()).toEqual([]);
  expect(await readdir(state)).toContain('catalog.lmdb.damaged');
});

test('an empty file without a note is what LMDB leaves when it is killed early', async () => {
  await warningsOf();
  await rm(`${path()}.sha256`);
  await truncate(path());
  expect(await warningsOf()).toEqual([]);
});

test("that a file was another folder's is said once", async () => {
  await warningsOf('/srv/others');
  expect(await warningsOf()).toEqual([expect.stringContaining('catalog.lmdb was made for another folder')]);
  expect(await warningsOf()).toEqual([]);
  expect(await warningsOf('/srv/others')).toEqual([]);
});

test.each(['catalog.lmdb', 'catalog.lmdb-lock', 'catalog.lmdb.sha256'])(
  'a folder in place of %s is named',
  async (name) => {
    await mkdir(join(state, name));
    expect(await warningsOf()).toEqual([
      `Digests are kept in memory only, because ${join(state, name)} can't be used: ` + 'it is a folder.',
    ]);
  },
);

test('a state folder that is a file is named', async () => {
  await writeFile(path(), '');
  expect(await warningsOf('/srv/images', path())).toEqual([
    expect.stringContaining(`because ${path()} can't be used: something else with that name exists.`),
  ]);
});
