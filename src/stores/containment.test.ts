import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { ResoError } from '../errors';
import { TemporaryFolder } from './fixtures/temporary-folder';
import { openFolder, type FolderStore } from './folder-store';
import { proveByKernel, proveByPath } from './proof-of-place';
import { FolderStore as Store } from './folder-store';

let around: TemporaryFolder;
let root: string;
let socket: Server;

beforeAll(async () => {
  around = await TemporaryFolder.make();
  root = around.at('public');
  await around.put('public/img.jpg', 'image');
  await around.put('public/folder/img.jpg', 'image');
  await around.put('public/back\\slash.jpg', 'image');
  await around.put('public/.hidden.jpg', 'secret');
  await around.put('public/.hidden/img.jpg', 'secret');
  await around.put('public/.reso/img.jpg', 'secret');
  await around.put('public/text.txt', 'not an image');
  await around.put('public-secret/img.jpg', 'secret');
  await around.put('secret.jpg', 'secret');
  await mkdir(around.at('public/folder.jpg'));
  await symlink('img.jpg', around.at('public/link.jpg'));
  await symlink('../secret.jpg', around.at('public/link-outside.jpg'));
  await symlink('folder', around.at('public/linked'));
  await symlink('../public-secret', around.at('public/linked-outside'));
  await symlink('nowhere.jpg', around.at('public/dangling.jpg'));
  await symlink('loop.jpg', around.at('public/loop.jpg'));
  execFileSync('mkfifo', [around.at('public/fifo.jpg')]);
  socket = createServer().listen(around.at('public/socket.jpg'));
});

afterAll(async () => {
  socket.close();
  await around.remove();
});

describe.each([
  ['by the kernel', proveByKernel],
  ['by the path', proveByPath],
])('with places proven %s', (_, prove) => {
  let store: FolderStore;
  beforeAll(() => {
    store = new Store(root, { prove });
  });

  test.each(['img.jpg', 'folder/img.jpg', 'back\\slash.jpg'])('%j is served', async (name) => {
    const image = await store.open(name);
    expect(image.size).toBe(5);
    await image.close();
    expect(await store.stat(name)).toMatchObject({ size: 5 });
  });

  test.each([
    ['nothing', ''],
    ['the folder itself', '.'],
    ['the folder above', '..'],
    ['a file above', '../secret.jpg'],
    ['above and back', '../public/img.jpg'],
    ['up in the middle', 'folder/../img.jpg'],
    ['up at the end', 'folder/..'],
    ['up, percent-encoded', '..%2fsecret.jpg'],
    ['up with backslashes', '..\\secret.jpg'],
    ['a sibling with the same prefix', '../public-secret/img.jpg'],
    ['an absolute path', '/etc/passwd'],
    ['an absolute path within', 'ABSOLUTE'],
    ['a double slash', 'folder//img.jpg'],
    ['a slash at the end', 'img.jpg/'],
    ['a file as a folder', 'img.jpg/img.jpg'],
    ['NUL', 'img.jpg\0'],
    ['NUL before another name', 'img.jpg\0.txt'],
    ['an unpaired surrogate', '\ud800.jpg'],
    ['a folder', 'folder'],
    ['a folder named like an image', 'folder.jpg'],
    ['a hidden file', '.hidden.jpg'],
    ['a file in a hidden folder', '.hidden/img.jpg'],
    ['our own work files', '.reso/img.jpg'],
    ['a symlink', 'link.jpg'],
    ['a symlink that leads outside', 'link-outside.jpg'],
    ['a file behind a symlink', 'linked/img.jpg'],
    ['a file outside behind a symlink', 'linked-outside/img.jpg'],
    ['a dangling symlink', 'dangling.jpg'],
    ['a symlink to itself', 'loop.jpg'],
    ['a FIFO', 'fifo.jpg'],
    ['a socket', 'socket.jpg'],
    ['a file that is no image', 'text.txt'],
    ['a name that is not there', 'nowhere.jpg'],
    ['another case', 'IMG.JPG'],
    ['an over-long component', `${'x'.repeat(300)}.jpg`],
    ['an over-long name', 'x/'.repeat(600) + 'img.jpg'],
    ['the way round through /proc', `../../proc/self/root/etc/passwd`],
  ])('%s: not found, whether opened or looked at', async (_why, given) => {
    const name = given === 'ABSOLUTE' ? `${root}/img.jpg` : given;
    const refusals = await Promise.all(
      [store.open(name), store.stat(name)].map((one) =>
        one.then(
          () => 'served',
          (error: unknown) => (error as ResoError).code,
        ),
      ),
    );
    expect(refusals).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });
});

test('a device is not found', async () => {
  const store = await openFolder('/dev');
  await expect(store.open('null')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('the folder that is served may be a symlink', async () => {
  await symlink('public', around.at('alias'));
  const store = await openFolder(around.at('alias'));
  expect(store.identity).toBe(root);
  expect(await store.stat('img.jpg')).toMatchObject({ size: 5 });
});

test.each(['nowhere', 'secret.jpg'])('%s is no folder to serve, and that is said', async (name) => {
  await expect(openFolder(around.at(name))).rejects.toMatchObject({
    code: 'FOLDER',
    message: expect.stringContaining(around.at(name)) as string,
  });
});

test('an image that was looked at before is not found once a symlink leads to its folder', async () => {
  await around.put('public/moved/a/img.jpg', 'image');
  const store = await openFolder(root);
  const first = await store.stat('moved/a/img.jpg');
  expect(await store.stat('moved/a/img.jpg')).toEqual(first);
  await rename(around.at('public/moved'), around.at('moved'));
  await symlink('../moved', around.at('public/moved'));
  await expect(store.stat('moved/a/img.jpg')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('an image that was looked at before is not found once a symlink to it has its name', async () => {
  await around.put('public/replaced-by-link.jpg', 'image');
  const store = await openFolder(root);
  await store.stat('replaced-by-link.jpg');
  await rename(around.at('public/replaced-by-link.jpg'), around.at('elsewhere.jpg'));
  await symlink('../elsewhere.jpg', around.at('public/replaced-by-link.jpg'));
  await expect(store.stat('replaced-by-link.jpg')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

/** Runs `script` again and again in another process, which opening and looking here can't hold up. */
async function meanwhile(script: string, act: () => Promise<void>): Promise<void> {
  const loop = `const { renameSync, writeFileSync } = require('fs'); process.stdout.write('.'); for (;;) { ${script} }`;
  const other = spawn(process.execPath, ['-e', loop], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: around.at('.'),
  });
  await once(other.stdout, 'data');
  try {
    await act();
  } finally {
    other.kill('SIGKILL');
    await once(other, 'exit');
  }
}

test('a folder that is swapped for a symlink again and again never gives away what lies outside', async () => {
  await around.put('public/swapped/img.jpg', 'image');
  await symlink('../public-secret', around.at('public/swap-link'));
  const store = await openFolder(root);
  const swap = `
    renameSync('public/swapped', 'public/swap-away');
    renameSync('public/swap-link', 'public/swapped');
    renameSync('public/swapped', 'public/swap-link');
    renameSync('public/swap-away', 'public/swapped');`;
  await meanwhile(swap, async () => {
    let served = 0;
    let refused = 0;
    for (let i = 0; i < 100_000 && (i < 2000 || served === 0 || refused === 0); i++) {
      const image = await store.open('swapped/img.jpg').catch(() => undefined);
      if (!image) refused++;
      else {
        served++;
        expect(image.size).toBe('image'.length);
        await image.close();
      }
    }
    expect([served > 0, refused > 0]).toEqual([true, true]);
  });
});

test('a file that is replaced again and again is always found', async () => {
  await around.put('public/replaced.jpg', 'image');
  const store = await openFolder(root);
  const replace = `writeFileSync('next.jpg', 'image'); renameSync('next.jpg', 'public/replaced.jpg');`;
  await meanwhile(replace, async () => {
    for (let i = 0; i < 2000; i++) expect((await store.stat('replaced.jpg')).size).toBe('image'.length);
  });
});
