import type { Locator } from 'playwright-core';
import { waitUntil } from '../support/wait-until';
import { LARGEST, nameOf, OLDEST } from './support/collection';
import { useGallery } from './support/gallery';
import type { Tab } from './support/tab';

const gallery = useGallery();
const fileOf = (number: number) => nameOf(number).slice('many/'.length);

test('without JavaScript the first page shows names, thumbnails and the way to the next page', async () => {
  const tab = await gallery.visit('/', { javaScriptEnabled: false });
  const { page } = tab;
  await page.getByRole('link', { name: 'many/' }).click();
  const first = page.getByRole('link', { name: '0001.jpg' });
  await tab.sees(first);
  expect(await page.locator('main img').count()).toBe(200);
  await waitUntil('the thumbnail is loaded', async () => (await pixelsOf(first.locator('img'))) > 0);
  await page.getByRole('link', { name: /^(more|next)/i }).click();
  await tab.sees(page.getByRole('link', { name: '0201.jpg' }));
  await tab.seesNo(first);
});

test('2,000 images are one grid, of which only what is near the screen is on the page', async () => {
  const tab = await gallery.visit('/browse/many/');
  await tab.sees(tab.page.getByText('2,000 images'));
  await tab.hasThumbnails(10);
  expect(await tab.image(fileOf(1)).getAttribute('aria-setsize')).toBe('2000');
  expect(await tab.images.count()).toBeLessThan(400);
  await tab.image(fileOf(1)).focus();
  await tab.page.keyboard.press('End');
  await tab.focuses(tab.image(fileOf(2000)));
  await tab.hasThumbnails(10);
  expect(await tab.images.count()).toBeLessThan(400);
});

test('keys reach the images while nothing has the focus', async () => {
  const tab = await gallery.visit('/browse/many/');
  await tab.hasThumbnails(10);
  await tab.page.keyboard.press('ArrowDown');
  await tab.focuses(tab.image(fileOf(1)));
  await tab.page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await tab.page.keyboard.press('Control+a');
  await tab.sees(tab.page.getByText(/2,000 (?:images )?selected/));
  await tab.page.keyboard.press('Escape');
  await tab.seesNo(tab.page.getByText(/selected/));
  await tab.page.keyboard.press('ArrowLeft');
  await tab.page.keyboard.press('End');
  await tab.focuses(tab.image(fileOf(2000)));
});

test('the keyboard alone leads through folders, the grid, the viewer and back', async () => {
  const tab = await gallery.visit('/');
  const { page } = tab;
  const press = (key: string) => page.keyboard.press(key);
  await tab.tabsTo(page.getByRole('link', { name: 'many', exact: true }));
  await press('Enter');
  await tab.isAt('/browse/many/');
  await tab.tabsTo(tab.image(fileOf(1)));

  await press('ArrowRight');
  await tab.focuses(tab.image(fileOf(2)));
  await press('ArrowDown');
  await waitUntil('the focus is in the next row', async () => (await placeOf(tab)) > 2);
  await press('ArrowUp');
  await press('Home');
  await tab.focuses(tab.image(fileOf(1)));
  await press('ArrowRight');
  await tab.focuses(tab.image(fileOf(2)));
  await press('Enter');
  await tab.isAt('/browse/many/?image=many%2F0002.jpg');
  await tab.sees(tab.viewer.getByText(fileOf(2)));

  await press('ArrowRight');
  await tab.isAt('/browse/many/?image=many%2F0003.jpg');
  await waitUntil('the image is shown', async () => {
    const picture = tab.viewer.getByRole('img', { name: fileOf(3) });
    return (await picture.count()) > 0 && (await pixelsOf(picture.first())) > 0;
  });
  await press('i');
  await tab.sees(
    tab.page.getByRole('complementary', { name: 'Details' }).getByText('SHA-256', { exact: true }),
  );
  await tab.tabsTo(tab.viewer.getByRole('button', { name: /back|close/i }).first());
  await press('Escape');
  // Whether it leads from the details to the image or to the grid at once.
  if (await tab.viewer.isVisible()) await press('Escape');
  await tab.seesNo(tab.viewer);
  await tab.isAt('/browse/many/');
  await tab.focuses(tab.image(fileOf(3)));
});

test('the keys are listed under ?', async () => {
  const tab = await gallery.visit('/browse/many/');
  await tab.sees(tab.image(fileOf(1)));
  await tab.page.keyboard.press('?');
  const help = tab.page.getByRole('dialog', { name: /shortcuts/i });
  await tab.sees(help);
  await tab.page.keyboard.press('Escape');
  await tab.seesNo(help);
});

test('a search goes through all folders below, and is part of the address', async () => {
  const tab = await gallery.visit('/');
  await tab.sees(tab.image('cover.jpg'));
  await tab.page.keyboard.press('/');
  const search = tab.page.getByRole('searchbox');
  await tab.focuses(search);
  await tab.page.keyboard.type('many 0777');
  await tab.sees(tab.image(/\b0777\.jpg$/));
  await tab.isAt('/?q=many+0777');
  await tab.hasImages(1);
  await search.fill('no such name');
  await tab.sees(tab.page.getByText(/nothing found|no matches/i));
  await tab.page.goto('/?q=k%C3%B6ln');
  await tab.sees(tab.image(/\b12\.jpg$/));
  await tab.hasImages(12);
});

test('the order is by name, by date or by size, in either direction, and part of the address', async () => {
  const tab = await gallery.visit('/browse/many/');
  const isFirst = (number: number) =>
    tab.sees(tab.page.locator('[role=option][aria-posinset="1"]').and(tab.image(fileOf(number))));
  await isFirst(1);
  await tab.page.getByRole('combobox', { name: /sort/i }).selectOption('date');
  await isFirst(OLDEST);
  await tab.page.getByRole('combobox', { name: /sort/i }).selectOption('size');
  await tab.page.getByRole('button', { name: /(as|des)cending/i }).click();
  await isFirst(LARGEST);
  await tab.isAt('/browse/many/?sort=size&desc=1');
  await tab.page.reload();
  await isFirst(LARGEST);
});

test('Back leads to where the grid was', async () => {
  const tab = await gallery.visit('/');
  await tab.page.getByRole('link', { name: 'many', exact: true }).click();
  await tab.image(fileOf(1)).hover();
  await tab.page.mouse.wheel(0, 12_000);
  await waitUntil('the grid is scrolled', async () => (await firstOnScreen(tab)) > 20);
  await tab.hasThumbnails(10);
  const first = await firstOnScreen(tab);

  await tab.image(fileOf(first + 3)).click();
  await tab.sees(tab.viewer);
  await tab.page.goBack();
  await tab.seesNo(tab.viewer);
  expect(await firstOnScreen(tab)).toBe(first);

  await tab.page.getByRole('navigation', { name: 'Folders' }).getByRole('link').first().click();
  await tab.sees(tab.image('cover.jpg'));
  await tab.page.goBack();
  await waitUntil('the grid is where it was', async () => (await firstOnScreen(tab)) === first, {
    atMost: 60_000,
  });
});

function pixelsOf(image: Locator): Promise<number> {
  return image.evaluate((element: HTMLImageElement) => element.naturalWidth);
}

/** The place of the image that has the focus, from 1. */
function placeOf(tab: Tab): Promise<number> {
  return tab.page.evaluate(() => Number(document.activeElement?.getAttribute('aria-posinset')));
}

/** The place of the first image that is on the screen as a whole; 0 if there is none. */
function firstOnScreen(tab: Tab): Promise<number> {
  return tab.images.evaluateAll((cells) => {
    const whole = cells.filter((cell) => cell.getBoundingClientRect().top >= 56);
    return whole.length === 0
      ? 0
      : Math.min(...whole.map((cell) => Number(cell.getAttribute('aria-posinset'))));
  });
}
