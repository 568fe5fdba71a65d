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

test('a root that has gone is an error, not an empty list', async () => {
  await folder.remove();
  await expect(scan()).rejects.toMatchObject({ code: 'UNREADABLE' });
});
