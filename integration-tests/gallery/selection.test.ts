import { readFile } from 'node:fs/promises';
import { filesIn } from '../support/generated-images';
import { runCommand } from '../support/run-command';
import { builtProgram } from '../support/test-run';
import { waitUntil } from '../support/wait-until';
import { ODD_NAMES } from './support/collection';
import { useGallery } from './support/gallery';
import type { Tab } from './support/tab';

const gallery = useGallery();
const toolbar = (tab: Tab) => tab.page.getByRole('region', { name: /selected/i });
const permissions = ['clipboard-read', 'clipboard-write'];

/** Selects images by keyboard alone: the first, and with Shift those up to the third. */
async function selectThree(tab: Tab): Promise<void> {
  await tab.image('0001.jpg').focus();
  await tab.page.keyboard.press('Space');
  await tab.sees(toolbar(tab).getByText('1 image selected'));
  await tab.page.keyboard.press('ArrowRight');
  await tab.page.keyboard.press('ArrowRight');
  await tab.focuses(tab.image('0003.jpg'));
  await tab.page.keyboard.press('Shift+Space');
  await tab.sees(toolbar(tab).getByText('3 images selected'));
}

test('Space selects, Shift selects a range, Escape selects nothing', async () => {
  const tab = await gallery.visit('/browse/many/');
  await selectThree(tab);
  await waitUntil(
    'the second is selected, too',
    async () => (await tab.image('0002.jpg').getAttribute('aria-selected')) === 'true',
  );
  await tab.page.keyboard.press('Escape');
  await tab.seesNo(toolbar(tab));
  await waitUntil(
    'nothing is selected',
    async () => (await tab.grid.locator('[aria-selected=true]').count()) === 0,
  );
});

test('the mouse selects with the check of an image, and a range with Shift', async () => {
  const tab = await gallery.visit('/browse/many/');
  const check = { position: { x: 20, y: 20 } };
  await tab.image('0002.jpg').click(check);
  await tab.sees(toolbar(tab).getByText('1 image selected'));
  await tab.image('0005.jpg').click({ ...check, modifiers: ['Shift'] });
  await tab.sees(toolbar(tab).getByText('4 images selected'));
});

test('the file of names names them, one a line', async () => {
  const tab = await gallery.visit('/browse/many/');
  await selectThree(tab);
  const link = toolbar(tab).locator('a, button').filter({ hasText: /names/i });
  const [download] = await Promise.all([tab.page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toMatch(/\.txt$/);
  expect(await readFile(await download.path(), 'utf8')).toBe('many/0001.jpg\nmany/0002.jpg\nmany/0003.jpg\n');
});

test('the command that is copied downloads what was selected', async () => {
  const tab = await gallery.visit('/browse/many/', { permissions });
  await selectThree(tab);
  expect(await runCopied(tab, 'many')).toEqual(['many/0001.jpg', 'many/0002.jpg', 'many/0003.jpg']);
});

test('the command holds names that a shell could take for something else', async () => {
  const tab = await gallery.visit('/browse/odd/', { permissions });
  tab.expectsNoThumbnailOf(ODD_NAMES.heic, ODD_NAMES.garbage, ODD_NAMES.truncated);
  for (const name of Object.values(ODD_NAMES)) await tab.sees(tab.image(name));
  await tab.images.first().focus();
  await tab.page.keyboard.press('Space');
  await tab.page.keyboard.press('End');
  await tab.page.keyboard.press('Shift+Space');
  await tab.sees(toolbar(tab).getByText(`${Object.keys(ODD_NAMES).length} images selected`));
  const names = Object.values(ODD_NAMES).map((name) => `odd/${name}`);
  expect(await runCopied(tab, 'odd')).toEqual(names.sort());
});

/** Copies the command and runs it in an empty folder; resolves to what is there then. */
async function runCopied(tab: Tab, folder: string): Promise<string[]> {
  await toolbar(tab)
    .getByRole('button', { name: /reso get/ })
    .click();
  const command = await waitUntil('the command is copied', async () => {
    const text = await tab.page.evaluate(() => navigator.clipboard.readText());
    return text.startsWith('reso get') && text;
  });
  const output = await gallery.scratch.folder(`copied-${folder}`);
  const script = `reso() { ${process.execPath} ${builtProgram()} "$@"; }\n${command}`;
  const [program, ...args] = [...gallery.network.prefix, 'sh', '-c', script];
  const { exitCode, stderr } = await runCommand({ cwd: output }, program!, ...args);
  expect({ command, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({
    command,
    exitCode: 0,
    stderr: '',
  });
  return filesIn(output);
}
