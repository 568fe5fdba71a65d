import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../support/wait-until';
import { MANY, nameOf, writeOne } from './support/collection';
import { useGallery } from './support/gallery';
import type { Tab } from './support/tab';

const gallery = useGallery();
/** For what the specification gives ten seconds. */
const SOON = { atMost: 10_000 };

test('a thumbnail that comes damaged is a tile with the name of the image', async () => {
  const tab = await gallery.visit('/browse/trips/K%C3%B6ln%202024/');
  await tab.page.route('**/renditions/**/3.jpg?**', (route) =>
    route.fulfill({ contentType: 'image/webp', body: 'no image at all' }),
  );
  await tab.page.reload();
  await tab.sees(tab.page.getByRole('option', { name: /^3\.jpg, .*no preview$/ }));
  await tab.hasThumbnails(12);
  expect(await isDrawn(tab, '4.jpg')).toBe(true);
});

test('an image that is gone says so in the viewer, and leaves the grid', async () => {
  await writeOne(gallery.images, 'passing/going.jpg');
  await writeOne(gallery.images, 'passing/staying.jpg');
  const tab = await gallery.visit('/browse/passing/');
  // A file that has just been written may still change while its thumbnail is made.
  tab.expects(/status of 503 .*passing/);
  await tab.sees(tab.image('going.jpg'));
  await tab.hasThumbnails(2);
  tab.expects(/status of 404 .*going\.jpg/);
  await rm(join(gallery.images, 'passing/going.jpg'));
  await waitUntil('it has left the grid', async () => (await tab.images.count()) === 1, SOON);
  await tab.page.goto('/browse/passing/?image=passing%2Fgoing.jpg');
  await tab.sees(tab.viewer.getByText(/not on the server any ?more|no longer/i));
  await tab.page.keyboard.press('Escape');
  await tab.sees(tab.image('staying.jpg'));
});

test('a new image appears soon, and the grid and the focus stay where they are', async () => {
  const tab = await gallery.visit('/browse/many/');
  await tab.sees(tab.page.getByText('2,000 images'));
  await tab.image('0001.jpg').focus();
  await tab.page.keyboard.press('End');
  await tab.focuses(tab.image('2000.jpg'));
  await tab.hasThumbnails(10);
  // A file that is being written may still change, and one that is removed is missing, while its thumbnail is made.
  tab.expects(/status of (?:503|404) .*2001\.jpg/);
  await writeOne(gallery.images, 'many/2001.jpg');
  try {
    await waitUntil('it is there', () => tab.image('2001.jpg').isVisible(), SOON);
    await tab.sees(tab.page.getByText('2,001 images'));
    await tab.focuses(tab.image('2000.jpg'));
  } finally {
    await rm(join(gallery.images, 'many/2001.jpg'));
  }
  await waitUntil('it is gone', async () => (await tab.image('2001.jpg').count()) === 0, SOON);
});

test('where nobody can wait for changes, a page looks for them when it is looked at', async () => {
  const tab = await gallery.visit('/healthz');
  tab.expects(/status of 504 .*api\/changes/);
  let waits = 0;
  await tab.page.route('**/api/changes?**', (route) => {
    waits++;
    return route.fulfill({ status: 504, body: 'too slow' });
  });
  const answer = tab.page.waitForResponse(/api\/images\?unless=/);
  await tab.page.goto('/browse/many/');
  await tab.hasThumbnails(10);
  await waitUntil('it has tried', () => waits > 0, SOON);
  expect(await (await answer).json()).toMatchObject({ unchanged: true });
  // As above.
  tab.expects(/status of (?:503|404) .*0000\.jpg/);
  await writeOne(gallery.images, 'many/0000.jpg');
  try {
    await waitUntil('it is there', async () => {
      await tab.page.evaluate(() => dispatchEvent(new Event('focus')));
      return tab.image('0000.jpg').isVisible();
    });
    await tab.seesNo(tab.page.getByRole('alert'));
  } finally {
    await rm(join(gallery.images, 'many/0000.jpg'));
  }
});

test('a hidden page asks nothing, and learns what has changed once it is shown', async () => {
  const tab = await gallery.visit('/browse/many/');
  await tab.hasThumbnails(10);
  // One that began before may end now.
  const open = new Set<object>();
  tab.page.on('request', (request) => void (request.url().includes('/api/changes?') && open.add(request)));
  for (const event of ['requestfinished', 'requestfailed'] as const)
    tab.page.on(event as 'requestfailed', (request) => void open.delete(request));
  await tab.page.reload();
  await waitUntil('it waits for changes', () => open.size === 1, SOON);
  await hide(tab, true);
  await waitUntil('it waits no longer', () => open.size === 0, SOON);
  // As above.
  tab.expects(/status of (?:503|404) .*0000\.jpg/);
  await writeOne(gallery.images, 'many/0000.jpg');
  try {
    await hide(tab, false);
    await waitUntil('it is there', () => tab.image('0000.jpg').isVisible(), SOON);
  } finally {
    await rm(join(gallery.images, 'many/0000.jpg'));
  }
});

test('what is shown stays while the server is away, and goes on when it is back', async () => {
  const tab = await gallery.visit('/browse/many/');
  await tab.hasThumbnails(10);
  tab.expects(/net::ERR_/);
  await gallery.stop();
  const notice = tab.page.getByText(/does not answer|can.t reach|offline|not reachable/i);
  await tab.sees(notice);
  expect(await isDrawn(tab, '0001.jpg')).toBe(true);
  await gallery.start();
  await tab.seesNo(notice);
  await tab.image('0002.jpg').click();
  await tab.sees(tab.viewer.getByText('0002.jpg'));
  await tab.page.goBack();
  await tab.image('0001.jpg').focus();
  await tab.page.keyboard.press('End');
  await tab.focuses(tab.image(nameOf(MANY).slice('many/'.length)));
  await tab.hasThumbnails(10);
});

test('a page that is loaded while the server is away loads once it is back', async () => {
  const tab = await gallery.visit('/browse/many/');
  await tab.hasThumbnails(10);
  tab.expects(/net::ERR_/);
  await gallery.stop();
  await tab.page.getByRole('navigation', { name: 'Folders' }).getByRole('link').first().click();
  await tab.sees(tab.page.getByText(/does not answer|can.t reach|offline|not reachable/i).first());
  await gallery.start();
  await tab.sees(tab.image('cover.jpg'));
});

test('over a slow network each image is a blur of its colors before it comes', async () => {
  const folder = '/browse/trips/K%C3%B6ln%202024/';
  const before = await gallery.visit(folder);
  await before.hasThumbnails(12);
  const tab = await gallery.visit('/healthz');
  const release = await holdThumbnails(tab);
  const devtools = await tab.page.context().newCDPSession(tab.page);
  const slow = { offline: false, latency: 300, downloadThroughput: 50_000, uploadThroughput: 50_000 };
  await devtools.send('Network.emulateNetworkConditions', slow);
  await tab.page.goto(folder, { waitUntil: 'commit' });
  await tab.sees(tab.image('3.jpg'));
  await waitUntil('the place of the image has its colors', () =>
    tab.image('3.jpg').evaluate((cell) => /url\(/.test(cell.outerHTML.replace(/src=/g, ''))),
  );
  expect(await isDrawn(tab, '3.jpg')).toBe(false);
  release();
  await tab.hasThumbnails(12);
  expect(await isDrawn(tab, '3.jpg')).toBe(true);
});

function isDrawn(tab: Tab, file: string): Promise<boolean> {
  const pictures = tab.image(file).locator('img');
  return pictures.evaluateAll((images) =>
    images.some((image) => (image as HTMLImageElement).naturalWidth > 0),
  );
}

/** As if somebody looked at another tab: a browser without a window shows all of them. */
async function hide({ page }: Tab, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

/** Answers no request for a thumbnail until the function is called to which it resolves. */
async function holdThumbnails({ page }: Tab): Promise<() => void> {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/renditions/**', async (route) => {
    await isReleased;
    await route.continue();
  });
  return release;
}
