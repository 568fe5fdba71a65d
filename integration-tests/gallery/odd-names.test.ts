import type { BrowserContextOptions } from 'playwright-core';
import sharp from 'sharp';
import { waitUntil } from '../support/wait-until';
import { ODD_FOLDER, ODD_NAMES } from './support/collection';
import { useGallery } from './support/gallery';
import type { Tab } from './support/tab';

const gallery = useGallery();
const TILES: readonly string[] = [ODD_NAMES.heic, ODD_NAMES.garbage, ODD_NAMES.truncated];
const all = Object.values(ODD_NAMES);

async function visit(path: string, options?: BrowserContextOptions): Promise<Tab> {
  const tab = await gallery.visit(path, options);
  tab.expectsNoThumbnailOf(...TILES);
  return tab;
}

test.each([
  ['in the page without JavaScript', false],
  ['in the grid', true],
])('names are text, whatever they look like, %s', async (_, javaScriptEnabled) => {
  const tab = await visit('/browse/odd/', { javaScriptEnabled });
  for (const name of all)
    await tab.sees(
      javaScriptEnabled ? tab.image(name) : tab.page.locator('main').getByText(name, { exact: true }),
    );
  expect(await tab.page.locator('main img[onerror]').count()).toBe(0);
  await tab.page.goto('/');
  const folder = tab.page.getByRole('link', { name: new RegExp(`^${ODD_FOLDER}/?$`) });
  await tab.sees(folder);
  await folder.click();
  await tab.isAt(`/browse/${encodeURIComponent(ODD_FOLDER)}/`);
  await tab.sees(tab.page.getByRole('navigation').getByText(ODD_FOLDER));
  expect(await tab.page.locator('b', { hasText: 'bold' }).count()).toBe(0);
});

test('what can be drawn is drawn, and the rest is a tile with its name', async () => {
  const tab = await visit('/healthz');
  const asked: string[] = [];
  tab.page.on('response', (response) => {
    if (response.status() === 422) asked.push(decodeURIComponent(new URL(response.url()).pathname));
  });
  await tab.page.goto('/browse/odd/');
  await tab.sees(tab.image(ODD_NAMES.emoji));
  await tab.hasThumbnails(all.length);
  for (const name of all.filter((one) => !TILES.includes(one))) {
    const pixels = await tab
      .image(name)
      .locator('img')
      .evaluate((image: HTMLImageElement) => image.naturalWidth);
    expect({ name, isDrawn: pixels > 0 }).toEqual({ name, isDrawn: true });
  }
  for (const name of TILES) await waitUntil(`${name} is a tile`, () => isTile(tab, name));
  await tab.sees(tab.image(ODD_NAMES.heic).getByText('HEIC', { exact: true }));
  // Asking again would not help.
  expect(asked).toContain(`/renditions/odd/${ODD_NAMES.truncated}`);
  expect(asked).toEqual([...new Set(asked)]);
});

test('without JavaScript an image that cannot be drawn shows its format, and no broken picture', async () => {
  const tab = await visit('/browse/odd/', { javaScriptEnabled: false });
  const heic = tab.page.getByRole('link', { name: ODD_NAMES.heic });
  await tab.sees(heic.getByText('HEIC', { exact: true }));
  const broken = tab.page.getByRole('link', { name: ODD_NAMES.truncated }).locator('img');
  await broken.scrollIntoViewIfNeeded();
  await waitUntil('it has failed', () => broken.evaluate((image: HTMLImageElement) => image.complete));
  const picture = sharp(await broken.screenshot());
  const { width = 0, height = 0 } = await picture.metadata();
  const isPlain = async (left: number, top: number) => {
    const part = picture.clone().extract({ left, top, width: 48, height: 24 });
    const { channels } = await sharp(await part.toBuffer()).stats();
    return channels.every(({ stdev }) => stdev === 0);
  };
  // Browsers draw their own picture in the corner.
  expect(await isPlain(4, 4)).toBe(true);
  expect(await isPlain((width >> 1) - 24, (height >> 1) - 12)).toBe(false);
});

test('a thumbnail for which the server has no time is asked for again', async () => {
  const tab = await visit('/healthz');
  tab.expects(/status of 503 .*volcano/);
  let refusals = 0;
  await tab.page.route('**/renditions/**volcano**', (route) =>
    refusals++ === 0 ? route.fulfill({ status: 503, body: 'busy' }) : route.continue(),
  );
  await tab.page.goto('/browse/odd/');
  const picture = tab.image(ODD_NAMES.emoji).locator('img');
  await waitUntil('it is drawn', () => picture.evaluate((image: HTMLImageElement) => image.naturalWidth > 0));
  expect(refusals).toBe(2);
});

/** Its name is shown by the style sheet, and read from the label. */
async function isTile(tab: Tab, name: string): Promise<boolean> {
  return tab.image(name).evaluate((cell) => cell.classList.contains('is-tile'));
}

test('the viewer shows each of them, or that it can only be downloaded', async () => {
  const tab = await visit('/browse/odd/');
  for (const name of all) {
    await tab.image(name).click();
    await tab.sees(tab.viewer.getByText(name, { exact: true }).first());
    await (TILES.includes(name) ? downloads(tab, name) : draws(tab));
    await tab.page.goBack();
    await tab.seesNo(tab.viewer);
  }
});

async function downloads(tab: Tab, name: string): Promise<void> {
  const link = tab.viewer.getByRole('link', { name: 'Download original', exact: true });
  const [download] = await Promise.all([tab.page.waitForEvent('download'), link.first().click()]);
  expect(download.suggestedFilename()).toBe(name);
}

function draws(tab: Tab): Promise<unknown> {
  const pictures = tab.viewer.locator('img');
  return waitUntil('it is drawn', () =>
    pictures.evaluateAll((images) => images.some((image) => (image as HTMLImageElement).naturalWidth > 0)),
  );
}

test('an SVG with a script in it is drawn, and the script does not run, not even in a tab of its own', async () => {
  const tab = await gallery.visit(`/images/odd/${ODD_NAMES.svg}`);
  // The browser says that it has blocked it.
  tab.expects(/sandboxed|content security policy/i);
  await tab.sees(tab.page.locator('circle'));
});
