import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { claimFile, firstFile, type Claim } from './claim';

let state: string;
beforeEach(async () => {
  state = await realpath(await mkdtemp(join(tmpdir(), 'reso-claim-')));
});
afterEach(() => rm(state, { recursive: true }));

const fileOf = ({ path }: Claim) => basename(path);

test('processes of one namespace share a file; those of others take the next ones, until one is given back', async () => {
  const [one, same] = [await claimFile(state, '1'), await claimFile(state, '1')];
  const [two, three] = [await claimFile(state, '2'), await claimFile(state, '3')];
  expect([one, same, two, three].map(fileOf)).toEqual([
    'catalog.lmdb',
    'catalog.lmdb',
    'catalog-2.lmdb',
    'catalog-3.lmdb',
  ]);
  await one.release();
  expect(fileOf(await claimFile(state, '4'))).toBe('catalog-4.lmdb');
  await same.release();
  expect(fileOf(await claimFile(state, '5'))).toBe('catalog.lmdb');
});

test('of twelve namespaces that start at once, no two have the same file', async () => {
  for (let round = 0; round < 5; round++) {
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => claimFile(state, String(i))));
    expect(new Set(all.map(fileOf)).size).toBe(12);
    await Promise.all(all.map((claim) => claim.release()));
    expect(await readdir(state)).toEqual([]);
  }
});

test('a file whose user was killed is free, and nothing is left of the user', async () => {
  const path = `${firstFile(state)}.7-0123456789abcdef.sock`;
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('listening'))`;
  const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  const beside = await claimFile(state, '8');
  expect(fileOf(beside)).toBe('catalog-2.lmdb');
  await beside.release();
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await readdir(state)).toEqual([basename(path)]);
  const claim = await claimFile(state, '8');
  expect(fileOf(claim)).toBe('catalog.lmdb');
  await claim.release();
  expect(await readdir(state)).toEqual([]);
});

test('when all files are used elsewhere, it says so', async () => {
  const all: Claim[] = [];
  for (let i = 0; i < 16; i++) all.push(await claimFile(state, `${i}`));
  await expect(claimFile(state, 'x')).rejects.toThrow('servers in 16 other containers use its files');
  await Promise.all(all.map((claim) => claim.release()));
});

test('where there can be no sockets, only the machine itself has the file', async () => {
  const folder = '/proc/self';
  await expect(claimFile(folder, '7')).rejects.toMatchObject({ code: 'EPERM' });
  expect((await claimFile(folder, '4026531836')).path).toBe('/proc/self/catalog.lmdb');
});
