import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newToken } from '../../src/index';
import { waitUntil } from '../support/wait-until';
import { useGallery } from './support/gallery';
import { logIn } from './support/log-in';
import type { Tab } from './support/tab';

const [everything, onlyOdd, passing] = [newToken(), newToken(), newToken()];
const LINES = [`all ${everything}`, `lab ${onlyOdd} trips`];
const FOREIGN = 'foreign.example.org';

const gallery = useGallery({
  names: [FOREIGN],
  options: async (scratch) => {
    await writeTokens(scratch.path, [...LINES, `guest ${passing}`]);
    return ['--token-file', join(scratch.path, 'tokens')];
  },
});

async function writeTokens(folder: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'tokens'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** A visitor who has no token yet. */
async function visit(path: string): Promise<Tab> {
  const tab = await gallery.visit(path);
  tab.expects(/status of 401/);
  return tab;
}

test('without a token there is a page that asks for one; a wrong one is refused, a right one leads on', async () => {
  const tab = await visit('/browse/many/?sort=date');
  await tab.sees(tab.page.getByLabel(/token/i));
  await logIn(tab, 'no such token');
  await tab.sees(tab.page.getByRole('alert'));
  await logIn(tab, everything);
  await tab.isAt('/browse/many/?sort=date');
  await tab.sees(tab.page.getByText('2,000 images'));
  await tab.hasThumbnails(10);
});

test('a token for one folder shows that and nothing else', async () => {
  const tab = await visit('/');
  await logIn(tab, onlyOdd);
  await tab.sees(tab.page.getByRole('link', { name: 'trips', exact: true }));
  expect(await tab.page.getByRole('link', { name: 'many', exact: true }).count()).toBe(0);
  await tab.page.goto('/?deep=1');
  await tab.hasImages(12);
  tab.expects(/status of 40[34]/);
  const refused = await tab.page.goto('/browse/many/');
  expect([403, 404]).toContain(refused?.status());
});

test('the login page works without JavaScript', async () => {
  const tab = await gallery.visit('/browse/many/', { javaScriptEnabled: false });
  tab.expects(/status of 401/);
  await logIn(tab, everything);
  await tab.sees(tab.page.getByRole('link', { name: '0001.jpg' }));
});

test('who logs out is asked for a token again, also on the way back', async () => {
  const tab = await visit('/');
  await logIn(tab, everything);
  await tab.sees(tab.image('cover.jpg'));
  await tab.page.getByRole('button', { name: /log out/i }).click();
  await tab.sees(tab.page.getByLabel(/token/i));
  await tab.page.goBack();
  await tab.sees(tab.page.getByLabel(/token/i));
  expect(await tab.page.context().cookies()).toEqual([]);
});

test('a token that is taken away while somebody looks leads to the login page', async () => {
  const tab = await visit('/browse/many/');
  await logIn(tab, passing);
  await tab.hasThumbnails(10);
  await writeTokens(gallery.scratch.path, LINES);
  await tab.sees(tab.page.getByLabel(/token/i));
  await logIn(tab, everything);
  await tab.hasThumbnails(10);
});

test('no page keeps a token where a script could read it', async () => {
  const tab = await visit('/');
  await logIn(tab, everything);
  await tab.sees(tab.image('cover.jpg'));
  const readable = await tab.page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage }));
  expect(readable).not.toContain(everything);
  expect(readable).not.toContain('reso-');
  const [cookie] = await tab.page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  expect(cookie!.value).not.toContain(everything);
});

test('under a foreign name there is nothing to see but what to do about it', async () => {
  const tab = await gallery.visit('/healthz');
  tab.expects(/status of 421/);
  const foreign = await gallery.visit('/', {}, FOREIGN);
  foreign.expects(/status of 421/);
  await foreign.sees(foreign.page.getByText(`--allow-host ${FOREIGN}`));
  await waitUntil('no image is there', async () => (await foreign.page.locator('img').count()) === 0);
});
