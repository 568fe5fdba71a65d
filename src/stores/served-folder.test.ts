import { mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { TemporaryFolder } from './fixtures/temporary-folder';
import { openFolder, type FolderStore } from './folder-store';

let around: TemporaryFolder;
let store: FolderStore;
let warnings: string[];
const path = () => around.at('served');

beforeEach(async () => {
  around = await TemporaryFolder.make();
  await around.put('releases/1/a.jpg', 'one');
  await around.put('releases/1/old/b.jpg', 'one');
  await around.put('releases/2/a.jpg', 'second');
  await symlink('releases/1', path());
  warnings = [];
  store = await openFolder(path(), { onWarning: (warning) => warnings.push(warning) });
});
afterEach(async () => {
  store.close();
  await around.remove();
});

async function names(): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of store.scan().batches) found.push(...batch.map(({ name }) => name));
  return found.sort();
}

const away = {
  code: 'UNAVAILABLE',
  message: 'The served folder is missing: no such file or folder.',
};

async function expectAway(): Promise<void> {
  await expect(store.look()).rejects.toMatchObject(away);
  await expect(names()).rejects.toMatchObject(away);
  await expect(store.stat('a.jpg')).rejects.toMatchObject(away);
  await expect(store.stat('nope.jpg')).rejects.toMatchObject(away);
}

test.each(['the folder is renamed', 'the link to it is removed'])(
  'while %s, that is the answer to everything; once it is back, all is as before',
  async (what) => {
    const isLink = what.includes('link');
    await store.look();
    if (isLink) await unlink(path());
    else await rename(around.at('releases'), around.at('elsewhere'));
    await expectAway();
    await expectAway();
    const told = `The served folder ${path()}`;
    expect(warnings.splice(0)).toEqual([
      `${told} is missing: no such file or folder. Nothing is served until it can be read again.`,
    ]);
    if (isLink) await symlink('releases/1', path());
    else await rename(around.at('elsewhere'), around.at('releases'));
    expect(await names()).toEqual(['a.jpg', 'old/b.jpg']);
    expect(await store.stat('a.jpg')).toMatchObject({ size: 3 });
    expect(warnings).toEqual([`${told} can be read again.`]);
  },
);

test('a link that leads elsewhere is followed, whatever of the other folder is still there', async () => {
  expect(await names()).toEqual(['a.jpg', 'old/b.jpg']);
  const before = await store.look();
  await unlink(path());
  await symlink('releases/2', path());
  expect(await store.look()).toBeGreaterThan(before);
  expect(await store.stat('a.jpg')).toMatchObject({ size: 6 });
  await expect(store.stat('old/b.jpg')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await names()).toEqual(['a.jpg']);
  expect(warnings).toEqual([`The served folder ${path()} now leads to ${around.at('releases/2')}.`]);
});

test('what is only in the other folder is found at once', async () => {
  await around.put('releases/2/new.jpg', 'new');
  await store.stat('a.jpg');
  await unlink(path());
  await symlink('releases/2', path());
  expect(await store.stat('new.jpg')).toMatchObject({ size: 3 });
});

test('what is the same in both is that of the other one within a second', async () => {
  await store.stat('a.jpg');
  await unlink(path());
  await symlink('releases/2', path());
  while ((await store.stat('a.jpg')).size !== 6) await new Promise((resolve) => setTimeout(resolve, 20));
});

test('a folder that is made anew is another one, and an empty one is empty', async () => {
  await names();
  await rm(around.at('releases/1'), { recursive: true });
  await mkdir(around.at('releases/1'));
  expect(await names()).toEqual([]);
  await expect(store.stat('a.jpg')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await writeFile(around.at('releases/1/c.jpg'), 'three');
  expect(await names()).toEqual(['c.jpg']);
  expect(warnings).toEqual([]);
});

test('that it goes in the middle of a scan fails that scan, although what was opened can still be read', async () => {
  for (let i = 0; i < 20; i++) await around.put(`releases/1/${i}/c.jpg`, '');
  const { batches } = store.scan();
  const walk = async () => {
    let isFirst = true;
    for await (const batch of batches) {
      void batch;
      if (isFirst) await rename(around.at('releases/1'), around.at('releases/3'));
      isFirst = false;
    }
  };
  await expect(walk()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('that another one takes its place in the middle of a scan fails that scan', async () => {
  for (let i = 0; i < 20; i++) await around.put(`releases/1/${i}/c.jpg`, '');
  const walk = async () => {
    for await (const batch of store.scan().batches) {
      if (!batch.some(({ name }) => name === 'a.jpg')) continue;
      await rename(around.at('releases/1'), around.at('releases/3'));
      await rename(around.at('releases/2'), around.at('releases/1'));
    }
  };
  await expect(walk()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await names()).toEqual(['a.jpg']);
});

test('changes are noticed where it lies now', async () => {
  await names();
  await unlink(path());
  await symlink('releases/2', path());
  await names();
  const before = store.changes;
  await writeFile(around.at('releases/2/new.jpg'), '');
  while (store.changes === before) await new Promise((resolve) => setTimeout(resolve, 5));
});
