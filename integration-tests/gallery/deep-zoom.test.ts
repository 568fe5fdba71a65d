import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Route } from 'playwright-core';
import sharp from 'sharp';
import { waitUntil } from '../support/wait-until';
import { useGallery } from './support/gallery';
import type { Tab } from './support/tab';

const gallery = useGallery();

type Color = readonly [red: number, green: number, blue: number];
const RED: Color = [200, 30, 20];
const BLUE: Color = [20, 40, 190];
/** For what a busy machine takes. */
const SOON = { atMost: 60_000 };

beforeAll(async () => {
  await put('large.jpg', await halves(5001, 3601).jpeg().toBuffer());
  await put('small.jpg', await halves(1201, 801).jpeg().toBuffer());
  await put('scan.tiff', await halves(1201, 801).tiff({ compression: 'lzw' }).toBuffer());
  // Beyond what the server makes thumbnails of.
  await put('giant.png', await halves(10_100, 10_000).png({ compressionLevel: 1 }).toBuffer());
});

/** Red on the left, blue on the right. */
function halves(width: number, height: number) {
  const pixels = Uint8Array.from([...RED, ...BLUE]);
  const raw = { width: 2, height: 1, channels: 3 } as const;
  return sharp(pixels, { raw }).resize(width, height, { fit: 'fill', kernel: 'nearest' });
}

async function put(name: string, bytes: Buffer): Promise<void> {
  const folder = join(gallery.images, 'deep');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
  // Long ago: it is complete.
  await utimes(join(folder, name), 1_600_000_000, 1_600_000_000);
}

/**
 * Opens the viewer on an image; resolves to the paths, with their queries, that are asked for from then on. `answer` gets
 * the requests for tiles. It is set before the page is loaded: Chromium may not intercept the first request of a loaded
 * page.
 */
async function view(
  file: string,
  answer?: (route: Route) => Promise<void>,
): Promise<{ tab: Tab; asked: string[] }> {
  const tab = await gallery.visit('/healthz');
  if (answer) await tab.page.route('**/tiles/**', answer);
  await tab.page.goto('/browse/deep/');
  tab.expectsNoThumbnailOf('giant.png');
  // The server may still be preparing an image.
  tab.expects(/status of 503 .*\/tiles\//);
  // OpenSeadragon says so of a tile that arrives after it was closed.
  tab.expects(/Ignoring tile/);
  await tab.image(file).click();
  await tab.sees(tab.viewer);
  // What the browser thinks of how this test looks at its canvas.
  tab.expects(/willReadFrequently/);
  const asked: string[] = [];
  tab.page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    asked.push(pathname + search);
  });
  return { tab, asked };
}

/** The color on the screen at a part of its width, half-way down; transparent black while nothing is drawn. */
function colorAt({ page }: Tab, part: number): Promise<number[]> {
  return page.evaluate((across) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.zoom canvas');
    const { width = 0, height = 0 } = canvas ?? {};
    const context = canvas?.getContext('2d');
    if (!context || width === 0) return [0, 0, 0, 0];
    return [...context.getImageData(Math.floor(width * across), Math.floor(height / 2), 1, 1).data];
  }, part);
}

async function shows(tab: Tab, part: number, color: Color): Promise<void> {
  await waitUntil(
    `the color ${color.join()} at ${part}`,
    async () => {
      const seen = await colorAt(tab, part);
      return seen[3] === 255 && color.every((value, i) => Math.abs(value - seen[i]!) < 16);
    },
    SOON,
  );
}

const tiles = (asked: readonly string[]) => asked.filter((path) => path.startsWith('/tiles/'));
const originals = (asked: readonly string[]) => asked.filter((path) => path.startsWith('/images/'));

test('a large image is zoomed by its tiles, down to its own pixels', async () => {
  const { tab, asked } = await view('large.jpg');
  await tab.page.keyboard.press('+');
  await shows(tab, 0.4, RED);
  await shows(tab, 0.6, BLUE);
  for (let i = 0; i < 8; i++) await tab.page.keyboard.press('+');
  await waitUntil(
    'tiles of its own size come',
    () => tiles(asked).some((path) => /[?&]s=1&/.test(path)),
    SOON,
  );
  await shows(tab, 0.4, RED);
  await shows(tab, 0.6, BLUE);
  // Only those that are on the screen.
  expect(tiles(asked).length).toBeLessThan(60);
  expect(originals(asked)).toEqual([]);
  await tab.page.keyboard.press('Escape');
  await tab.seesNo(tab.page.locator('.zoom'));
});

test('a small one is zoomed as it is', async () => {
  const { tab, asked } = await view('small.jpg');
  await tab.page.keyboard.press('+');
  await shows(tab, 0.4, RED);
  expect(originals(asked)).toEqual(['/images/deep/small.jpg']);
  expect(tiles(asked)).toEqual([]);
});

test('one that browsers do not decode is zoomed by its tiles, however small', async () => {
  const { tab, asked } = await view('scan.tiff');
  await tab.page.keyboard.press('+');
  await shows(tab, 0.6, BLUE);
  expect(originals(asked)).toEqual([]);
});

test('one too large for a thumbnail can be zoomed all the same', async () => {
  const { tab } = await view('giant.png');
  await tab.sees(tab.viewer.getByText('no preview'));
  await tab.viewer.getByRole('button', { name: /zoom in/i }).click();
  await shows(tab, 0.4, RED);
  await tab.seesNo(tab.viewer.getByText('no preview'));
});

test('if the server makes no tiles of it, the original is zoomed', async () => {
  const { tab, asked } = await view('large.jpg', (route) => route.fulfill({ status: 422, body: '{}' }));
  tab.expects(/status of 422 .*\/tiles\//);
  await tab.page.keyboard.press('+');
  await shows(tab, 0.4, RED);
  expect(originals(asked)).toEqual(['/images/deep/large.jpg']);
});

test('if the server stops sending tiles before one is shown, the original is zoomed', async () => {
  let isFirst = true;
  const { tab, asked } = await view('large.jpg', (route) => {
    if (!isFirst) return route.fulfill({ status: 500, body: '{}' });
    isFirst = false;
    return route.continue();
  });
  tab.expects(/status of 500 .*\/tiles\//);
  tab.expects(/Tile .* failed to load/);
  await tab.page.keyboard.press('+');
  await shows(tab, 0.4, RED);
  expect(isFirst).toBe(false);
  expect(originals(asked)).toEqual(['/images/deep/large.jpg']);
});

test('while the server prepares an image, the page says so and asks again', async () => {
  let refusals = 0;
  const { tab } = await view('large.jpg', (route) =>
    refusals++ < 2
      ? route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, body: '{}' })
      : route.continue(),
  );
  await tab.page.keyboard.press('+');
  await tab.sees(tab.page.getByText(/preparing/));
  await shows(tab, 0.4, RED);
  expect(refusals).toBeGreaterThan(2);
});
