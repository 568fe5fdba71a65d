import { mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolders } from './make-folders';

let base: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'reso-make-')));
});
afterEach(() => rm(base, { recursive: true }));

test('all that is missing is made, also by two at the same time', async () => {
  const path = join(base, 'a/b/c');
  await Promise.all([makeFolders(path), makeFolders(path), makeFolders(join(base, 'a/b/d'))]);
  await makeFolders(path);
  expect((await stat(path)).isDirectory()).toBe(true);
  expect((await stat(join(base, 'a/b/d'))).isDirectory()).toBe(true);
});

// One finds the parent missing, and looks when the other has made it.
test('folders that others make meanwhile count', async () => {
  for (let round = 0; round < 300; round++) {
    const path = join(base, `${round}/a/b/c`);
    await Promise.all([0, 1, 2, 3, 4, 5].map((number) => makeFolders(join(path, `${number}/d/e`))));
    expect(await readdir(path)).toHaveLength(6);
  }
});

test('a link to a folder counts as one', async () => {
  await symlink(base, join(base, 'link'));
  await makeFolders(join(base, 'link'));
  await makeFolders(join(base, 'link/x'));
  expect((await stat(join(base, 'x'))).isDirectory()).toBe(true);
});

test('what is in the way is said', async () => {
  await writeFile(join(base, 'file'), '');
  await expect(makeFolders(join(base, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolders(join(base, 'file/x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

// Node's own recursive mkdir never returns there.
test('a file system that says ENOENT to any folder is believed', async () => {
  await expect(makeFolders('/proc/x')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(makeFolders('/proc/x/y/z')).rejects.toMatchObject({ code: 'ENOENT' });
});
