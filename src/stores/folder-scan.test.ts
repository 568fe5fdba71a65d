import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { TemporaryFolder } from './fixtures/temporary-folder';
import { openFolder, type FolderStore } from './folder-store';
import type { StoredEntry } from './image-store';

let folder: TemporaryFolder;
let store: FolderStore;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  store = await openFolder(folder.path);
});
afterEach(() => folder.remove());

async function scan() {
  const found = store.scan();
  const entries: StoredEntry[] = [];
  for await (const batch of found.batches) entries.push(...batch);
  return { entries, names: entries.map((entry) => entry.name).sort(), leftOut: found.leftOut };
}

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

test('finds images at any depth, by extension or by their first bytes', async () => {
  await folder.put('img.jpg', 'not looked at');
  await folder.put('a/b/c/Ünï cödé.PNG', '');
  await folder.put('a/without-extension', PNG);
  await folder.put('a/wrong.txt', PNG);
  await folder.put('a/text.txt', 'text');
  const { names, leftOut } = await scan();
  expect(names).toEqual(['a/b/c/Ünï cödé.PNG', 'a/without-extension', 'a/wrong.txt', 'img.jpg']);
  expect(leftOut).toMatchObject({ notImage: 1 });
});

test('lists exactly what can be opened, in the same state', async () => {
  await folder.put('img.jpg', 'image');
  await folder.put('a/unnamed', PNG);
  for (const entry of (await scan()).entries) {
    const { name, ...state } = entry;
    expect(await store.stat(name)).toEqual(state);
  }
});

test('counts what it leaves out, by reason', async () => {
  await folder.put('.hidden.jpg', '');
  await folder.put('.reso/img.jpg', '');
  await folder.put('text.txt', 'text');
  await folder.put('empty', '');
  await symlink('/etc', folder.at('link'));
  await symlink('nowhere', folder.at('dangling.jpg'));
  execFileSync('mkfifo', [folder.at('fifo.jpg')]);
  await writeFile(
    Buffer.concat([Buffer.from(folder.at('')), Buffer.from([0x2f, 0xff, 0x2e, 0x6a, 0x70, 0x67])]),
    '',
  );
  await writeFile(
    Buffer.concat([Buffer.from(folder.at('')), Buffer.from([0x2f, 0xfe, 0x2e, 0x6a, 0x70, 0x67])]),
    '',
  );
  const { names, leftOut } = await scan();
  expect(names).toEqual([]);
  expect(leftOut).toEqual({ symlink: 2, hidden: 2, special: 1, notImage: 2, badName: 2, unreadable: 0 });
});

test('names some of what it leaves out, and not all', async () => {
  for (let i = 0; i < 9; i++) await folder.put(`a/${i}.txt`, 'text');
  await symlink('/etc', folder.at('link'));
  const found = store.scan();
  for await (const batch of found.batches) void batch;
  expect(found.leftOutNames.symlink).toEqual(['link']);
  expect(found.leftOutNames.notImage).toHaveLength(3);
  for (const name of found.leftOutNames.notImage!) expect(name).toMatch(/^a\/\d\.txt$/);
});

test('serves what it is told to beside images, and nothing that is never served', async () => {
  await folder.put('a/wells.las', 'text');
  await folder.put('a/.hidden.las', 'text');
  await folder.put('.reso/b.las', 'text');
  await folder.put('c.txt', 'text');
  await symlink('a/wells.las', folder.at('link.las'));
  store = await openFolder(folder.path, { also: ['**/*.las', '{.reso,.hidden}/**'] });
  expect((await scan()).names).toEqual(['a/wells.las']);
  expect(await store.stat('a/wells.las')).toMatchObject({ size: 4 });
  for (const name of ['a/.hidden.las', '.reso/b.las', 'c.txt', 'link.las'])
    await expect(store.stat(name)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a folder nested deeper than a name may be long does not end the scan', async () => {
  const component = 'x'.repeat(200);
  await folder.put([component, component, component, component, component, 'y.jpg'].join('/'), '');
  await folder.put([component, component, component, component, component, `${component}.jpg`].join('/'), '');
  await folder.put('img.jpg', '');
  const { names, leftOut } = await scan();
  expect(names).toHaveLength(2);
  expect(leftOut.badName).toBe(1);
});

test('more entries than one batch', async () => {
  await mkdir(folder.at('many'));
  const names = Array.from({ length: 1200 }, (_, i) => `many/${String(i).padStart(5, '0')}.jpg`);
  await Promise.all(names.map((name) => writeFile(folder.at(name), '')));
  expect((await scan()).names).toEqual(names);
});
