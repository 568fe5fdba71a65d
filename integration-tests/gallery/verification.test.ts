import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { sha256 } from '../support/generated-images';
import { LARGEST, nameOf } from './support/collection';
import { useGallery } from './support/gallery';
import type { Tab } from './support/tab';

/** An address over plain HTTP that is not this machine: to a browser that is not secure. */
const PLAIN = 'photos.example.org';
const gallery = useGallery({ names: [PLAIN], options: () => ['--allow-host', PLAIN] });

/** `intercept` runs before the page is loaded: Chromium may not intercept the first request of a loaded page. */
async function openDetails(
  host: string,
  intercept?: (context: BrowserContext) => Promise<unknown>,
): Promise<Tab> {
  const tab = await gallery.visit('/healthz', {}, host);
  await intercept?.(tab.page.context());
  await tab.page.goto(`/browse/many/?image=${encodeURIComponent(nameOf(LARGEST))}`);
  await tab.sees(tab.viewer.getByText(nameOf(LARGEST).slice('many/'.length)).first());
  await tab.page.keyboard.press('i');
  return tab;
}

async function verify(tab: Tab): Promise<void> {
  await tab.page.getByRole('button', { name: /verify/i }).click();
}

test.each([
  ['where the browser may hash', 'localhost', true],
  ['over plain HTTP, where a worker must', PLAIN, false],
])('the original is verified by its SHA-256 %s', async (_, host, isSecure) => {
  const tab = await openDetails(host);
  expect(await tab.page.evaluate(() => isSecureContext)).toBe(isSecure);
  await tab.sees(tab.page.getByText(await sha256(join(gallery.images, nameOf(LARGEST)))));
  await verify(tab);
  await tab.sees(tab.page.getByText(/✓ Verified/).first());
});

test.each([
  ['where the browser may hash', 'localhost'],
  ['over plain HTTP, where a worker must', PLAIN],
])('bytes that were changed on the way are not verified %s', async (_, host) => {
  const body = await readFile(join(gallery.images, nameOf(LARGEST)));
  body[1000]! ^= 1;
  const tab = await openDetails(host, (context) =>
    context.route('**/images/many/**', (route) => route.fulfill({ body })),
  );
  await verify(tab);
  await tab.sees(tab.page.getByText(/not the same|does not match|differ/i).first());
});

test('an image that has changed since is not taken for the one that is shown', async () => {
  // Otherwise the page learns of the change at once, and verifies the new image.
  let isCut = false;
  const tab = await openDetails('localhost', (context) =>
    context.route('**/api/**', (route) => (isCut ? route.abort() : route.continue())),
  );
  await tab.sees(tab.page.getByRole('button', { name: /verify/i }));
  tab.expects(/\/api\//);
  isCut = true;
  // Its thumbnail may be on its way.
  tab.expects(new RegExp(`status of 503 .*/renditions/${nameOf(LARGEST)}`));
  const path = join(gallery.images, nameOf(LARGEST));
  const before = await readFile(path);
  await appendFile(path, 'more');
  try {
    await verify(tab);
    await tab.sees(tab.page.getByText(/not the same|does not match|differ|changed/i).first());
  } finally {
    await writeFile(path, before);
  }
});

test('the digest of an image that the server has just begun to hash arrives without a reload', async () => {
  const tab = await gallery.visit('/healthz');
  let isKnown = false;
  const json = { name: nameOf(LARGEST), size: 1, modified: '2020-01-01T00:00:00.000Z', version: 'v' };
  await tab.page.route('**/api/image?**', (route) => (isKnown ? route.continue() : route.fulfill({ json })));
  await tab.page.goto(`/browse/many/?image=${encodeURIComponent(nameOf(LARGEST))}`);
  await tab.sees(tab.viewer.getByText(nameOf(LARGEST).slice('many/'.length)).first());
  await tab.page.keyboard.press('i');
  await tab.sees(tab.page.getByText(/still computing/));
  // The image has been found in the grid: nothing else makes the page ask for it.
  await tab.sees(tab.viewer.getByText(/^[\d,]+ of [\d,]+$/));
  isKnown = true;
  await tab.sees(tab.page.getByText(await sha256(join(gallery.images, nameOf(LARGEST)))));
  await verify(tab);
  await tab.sees(tab.page.getByText(/✓ Verified/).first());
});
