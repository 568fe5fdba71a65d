import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { becomeOwner, ownerLiveness, socketPath } from './owner';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'reso-'))));
afterEach(() => rm(folder, { recursive: true }));

test('an owner is alive until it lets go', async () => {
  const owner = await becomeOwner(folder);
  expect(await ownerLiveness(folder, owner.id)).toBe('alive');
  await owner.release();
  expect(await ownerLiveness(folder, owner.id)).toBe('dead');
  expect(existsSync(socketPath(folder, owner.id))).toBe(false);
});

test('an owner that was killed is dead at once', async () => {
  const { id, release } = await becomeOwner(folder);
  await release();
  const path = socketPath(folder, id);
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  expect(await ownerLiveness(folder, id)).toBe('alive');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(path)).toBe(true);
  expect(await ownerLiveness(folder, id)).toBe('dead');
});

test('of an owner from before a restart, or on another machine, nothing is known', async () => {
  expect(await ownerLiveness(folder, '00000000-0123456789abcdef')).toBe('unknown');
  expect(await ownerLiveness(folder, 'x-0123456789abcdef')).toBe('unknown');
});

test('a path too long for a socket is no hindrance', async () => {
  const deep = join(folder, 'x'.repeat(200));
  await mkdir(deep);
  const owner = await becomeOwner(deep);
  expect(await ownerLiveness(deep, owner.id)).toBe('alive');
  await owner.release();
  expect(await ownerLiveness(deep, owner.id)).toBe('dead');
  expect(await readdir(deep)).toEqual([]);
});

test('where sockets have no place the owner says so in its id', async () => {
  const id = /^x-[0-9a-f]{16}$/;
  expect(await becomeOwner('/proc/self')).toMatchObject({ id: expect.stringMatching(id) as string });
});

test('a folder that was removed meanwhile is told, so that it is made again', async () => {
  await expect(becomeOwner(join(folder, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await ownerLiveness(join(folder, 'gone'), 'x-0123456789abcdef')).toBe('unknown');
});
