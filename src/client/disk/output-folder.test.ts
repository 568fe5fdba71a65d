import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputFolder } from './output-folder';

let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'reso-'));
  folder = join(base, 'out');
  await mkdir(folder);
  await mkdir(join(base, 'elsewhere'));
});
afterEach(() => rm(base, { recursive: true }));

test.each(['../a.jpg', '/etc/passwd', 'a/../../b.jpg', '.reso/x.jpg', 'a\0b', ''])(
  'refuses %j as a path',
  async (name) => {
    const output = await OutputFolder.open(folder);
    expect(() => output.path(name)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
  },
);

test('does not go through a link, whether it looks or makes', async () => {
  await symlink(join(base, 'elsewhere'), join(folder, 'link'));
  const output = await OutputFolder.open(folder);
  await expect(output.lookUp('link/a.jpg')).rejects.toMatchObject({ code: 'FOLDER' });
  await expect(output.makeParents('link/sub/a.jpg')).rejects.toMatchObject({ code: 'FOLDER' });
  expect(existsSync(join(base, 'elsewhere', 'sub'))).toBe(false);
});

test('the output folder itself may be a link', async () => {
  await symlink(join(base, 'elsewhere'), join(base, 'way'));
  const output = await OutputFolder.open(join(base, 'way'));
  await output.makeParents('sub/a.jpg');
  expect(output.path('sub/a.jpg')).toBe(join(base, 'elsewhere', 'sub', 'a.jpg'));
  expect(existsSync(join(base, 'elsewhere', 'sub'))).toBe(true);
});

test('a file where a folder is needed is named', async () => {
  await writeFile(join(folder, 'a'), 'x');
  const output = await OutputFolder.open(folder);
  await expect(output.lookUp('a/b.jpg')).rejects.toMatchObject({
    code: 'FOLDER',
    message: expect.stringContaining(join(folder, 'a')) as string,
  });
});

test('an output folder that is a file is named, and not what would lie in it', async () => {
  await writeFile(join(folder, 'a'), 'x');
  await expect(OutputFolder.open(join(folder, 'a'))).rejects.toMatchObject({
    code: 'FOLDER',
    message: `${join(folder, 'a')} is not a folder. Move it away, or choose another output folder.`,
  });
});

test('looking makes nothing', async () => {
  const output = await OutputFolder.open(join(base, 'new', 'deep'));
  expect(await output.lookUp('a/b.jpg')).toBeUndefined();
  expect(existsSync(join(base, 'new'))).toBe(false);
  await output.makeParents('a/b.jpg');
  expect(existsSync(join(base, 'new', 'deep', 'a'))).toBe(true);
});

test('a folder counts as made once it was looked at and made, and not before', async () => {
  await symlink(join(base, 'elsewhere'), join(folder, 'link'));
  const output = await OutputFolder.open(folder);
  const making = [output.makeParents('sub/a.jpg'), output.makeParents('link/a.jpg')];
  expect(output.hasMade('sub/b.jpg')).toBe(false);
  expect(output.hasMade('link/b.jpg')).toBe(false);
  await Promise.allSettled(making);
  expect(output.hasMade('sub/b.jpg')).toBe(true);
  expect(output.hasMade('link/b.jpg')).toBe(false);
});
