import { chmod, chown, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ResoError } from '../errors';
import { TemporaryFolder } from './fixtures/temporary-folder';
import { openFolder } from './folder-store';
import type { StoredEntry } from './image-store';

const isRoot = process.geteuid?.() === 0;
const NOBODY = 65_534;

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  await chmod(folder.path, 0o755);
  await folder.put('public/img.jpg', '');
});
afterEach(async () => {
  if (isRoot) process.seteuid!(0);
  await chmod(folder.at('public'), 0o755);
  await chmod(folder.at('public/locked'), 0o700).catch(() => undefined);
  await folder.remove();
});

/** Root may read everything. */
function becomeSomebodyElse(): void {
  if (isRoot) process.seteuid!(NOBODY);
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'served',
    (error: unknown) => (error as ResoError).code,
  );
}

test('an image that may not be read is unreadable; what lies behind a symlink is not found, readable or not', async () => {
  await chmod(await folder.put('public/locked.jpg', ''), 0);
  await folder.put('public/locked/img.jpg', '');
  await folder.put('private/img.jpg', '');
  await folder.put('private/.hidden', '');
  await symlink('../private', folder.at('public/link'));
  await symlink('locked.jpg', folder.at('public/link.jpg'));
  await chmod(folder.at('public/locked'), 0);
  await chmod(folder.at('private'), 0);
  const store = await openFolder(folder.at('public'));
  becomeSomebodyElse();
  expect(await codeOf(store.stat('locked.jpg'))).toBe('UNREADABLE');
  expect(await codeOf(store.stat('locked/img.jpg'))).toBe('UNREADABLE');
  expect(await codeOf(store.stat('link.jpg'))).toBe('NOT_FOUND');
  expect(await codeOf(store.stat('link/img.jpg'))).toBe('NOT_FOUND');
  expect(await codeOf(store.stat('link/nowhere.jpg'))).toBe('NOT_FOUND');
});

test('an image that was looked at before is unreadable once it may not be read any more', async () => {
  const [file, within] = [await folder.put('public/a.jpg', ''), await folder.put('public/folder/b.jpg', '')];
  const store = await openFolder(folder.at('public'));
  for (const name of ['a.jpg', 'folder/b.jpg']) expect(await codeOf(store.stat(name))).toBe('served');
  await chmod(file, 0);
  await chmod(dirname(within), 0);
  becomeSomebodyElse();
  expect(await codeOf(store.stat('a.jpg'))).toBe('UNREADABLE');
  expect(await codeOf(store.stat('folder/b.jpg'))).toBe('UNREADABLE');
});

test('a scan marks folders and files that it may not read, and goes on', async () => {
  await folder.put('public/locked/img.jpg', '');
  await chmod(folder.at('public/locked'), 0);
  await chmod(await folder.put('public/without-extension', ''), 0);
  await chmod(await folder.put('public/locked.jpg', ''), 0);
  await folder.put('public/unsearchable/img.jpg', '');
  await chmod(folder.at('public/unsearchable'), 0o644);
  const store = await openFolder(folder.at('public'));
  becomeSomebodyElse();
  const scan = store.scan();
  const entries: StoredEntry[] = [];
  for await (const batch of scan.batches) entries.push(...(await scan.checked(batch)));
  if (isRoot) process.seteuid!(0);
  await chmod(folder.at('public/unsearchable'), 0o755);
  expect(Object.fromEntries(entries.map(({ name, unreadable }) => [name, unreadable]))).toEqual({
    'img.jpg': undefined,
    'locked/': 'permission denied',
    'locked.jpg': 'permission denied',
    'without-extension': 'permission denied',
    'unsearchable/img.jpg': 'permission denied',
  });
});

test('the owner of a file is judged by the owner’s permissions alone', async () => {
  for (const [name, mode] of Object.entries({ 'owner.jpg': 0o400, 'others.jpg': 0o044 })) {
    const path = await folder.put(`public/${name}`, '');
    if (isRoot) await chown(path, NOBODY, NOBODY);
    await chmod(path, mode);
  }
  const store = await openFolder(folder.at('public'));
  becomeSomebodyElse();
  const scan = store.scan();
  const found: [string, string | undefined, string][] = [];
  for await (const batch of scan.batches)
    for (const { name, unreadable } of await scan.checked(batch))
      found.push([name, unreadable, await codeOf(store.stat(name))]);
  expect(found.sort()).toEqual([
    ['img.jpg', undefined, 'served'],
    ['others.jpg', 'permission denied', 'UNREADABLE'],
    ['owner.jpg', undefined, 'served'],
  ]);
});

test('where the served folder itself may not be looked into, that is what is told', async () => {
  const store = await openFolder(folder.at('public'));
  await chmod(folder.at('public'), 0);
  becomeSomebodyElse();
  const scan = async () => {
    for await (const batch of store.scan().batches) void batch;
  };
  await expect(scan()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: "The served folder can't be read: permission denied.",
  });
});

test('that the folder itself can no longer be read is told once', async () => {
  await chmod(await folder.put('public/without-extension', ''), 0);
  const warnings: string[] = [];
  const store = await openFolder(folder.at('public'), { onWarning: (warning) => warnings.push(warning) });
  const scan = async () => {
    for await (const batch of store.scan().batches) void batch;
  };
  becomeSomebodyElse();
  await scan();
  if (isRoot) process.seteuid!(0);
  await chmod(folder.at('public'), 0);
  becomeSomebodyElse();
  for (let i = 0; i < 2; i++) expect(await codeOf(scan())).toBe('UNAVAILABLE');
  const name = `The served folder ${folder.at('public')}`;
  expect(warnings.splice(0)).toEqual([
    `${name} can't be read: permission denied. Nothing is served until it can be read again.`,
  ]);
  if (isRoot) process.seteuid!(0);
  await chmod(folder.at('public'), 0o755);
  becomeSomebodyElse();
  await scan();
  await scan();
  expect(warnings).toEqual([`${name} can be read again.`]);
  store.close();
});

test('a folder that may not be read is not served, and that is said', async () => {
  await chmod(folder.path, 0o700);
  becomeSomebodyElse();
  if (isRoot) expect(await codeOf(openFolder(folder.at('public')))).toBe('FOLDER');
});
