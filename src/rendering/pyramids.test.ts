import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { Workshop } from './fixtures/workshop';
import type { Part } from './part';
import type { Rendition } from './rendition';
import type { RendererOptions } from './renderer';

const workshop = new Workshop();
afterAll(() => workshop.close());

let folders = 0;
/** Smaller than in real life, to save time. */
const LARGE_PIXELS = 1_000_000;

async function open(options: RendererOptions = {}) {
  const cache = join(workshop.folder, `cache-${folders++}`);
  return { cache, renderer: await workshop.renderer({ cache, large: LARGE_PIXELS, ...options }) };
}

/** Soft colors: whoever reads a wrong place or scales wrongly is far off. */
function drawing(width: number, height: number) {
  const corners = Uint8Array.from({ length: 27 }, (_, i) => (i * 83 + (i % 3) * 40) % 256);
  return sharp(corners, { raw: { width: 3, height: 3, channels: 3 } }).resize(width, height, {
    fit: 'fill',
    kernel: 'cubic',
  });
}

const TILE = 512;
const QUICK = { compressionLevel: 1 };

/** All tiles of a level, put together. */
async function stitch(
  make: (part: Part) => Promise<Rendition>,
  source: { readonly width: number; readonly height: number },
  scale: number,
) {
  const [width, height] = [Math.ceil(source.width / scale), Math.ceil(source.height / scale)];
  const tiles: { input: Buffer; left: number; top: number }[] = [];
  for (let top = 0; top < height; top += TILE)
    for (let left = 0; left < width; left += TILE) {
      const region = {
        left: left * scale,
        top: top * scale,
        width: Math.min(TILE * scale, source.width - left * scale),
        height: Math.min(TILE * scale, source.height - top * scale),
      };
      const size = { width: Math.ceil(region.width / scale), height: Math.ceil(region.height / scale) };
      const { bytes, ...about } = await make({ source, region, ...size, format: 'png' });
      expect(about).toMatchObject(size);
      expect(await sharp(bytes).metadata()).toMatchObject({ ...size, format: 'png' });
      tiles.push({ input: bytes, left, top });
    }
  const background = { r: 0, g: 0, b: 0, alpha: 0 };
  return sharp({ create: { width, height, channels: 4, background } })
    .composite(tiles)
    .raw()
    .toBuffer();
}

/** The largest difference in a channel, of what can be seen, and the mean. */
async function distance(stitched: Buffer, image: Buffer, width: number, height: number) {
  const whole = await sharp(image, { autoOrient: true })
    .resize(width, height, { fit: 'fill' })
    .toColorspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer();
  expect(stitched).toHaveLength(whole.length);
  let [most, sum] = [0, 0];
  for (let at = 0; at < whole.length; at += 4) {
    const [alpha, other] = [whole[at + 3]!, stitched[at + 3]!];
    most = Math.max(most, Math.abs(alpha - other));
    for (let i = at; i < at + 3; i++) {
      const far = Math.abs(whole[i]! * alpha - stitched[i]! * other) / 255;
      most = Math.max(most, far);
      sum += far;
    }
  }
  return { most, mean: sum / (3 * width * height) };
}

/** Of 255, in each channel. */
const EXACT = 3;
/** Of the pyramids of images that are not PNG, which are JPEG of quality 92: the largest and the mean. */
const LOSSY = 12;
const MEAN = 2;

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const uprightSize = (width: number, height: number, orientation: number) =>
  orientation > 4 ? { width: height, height: width } : { width, height };

async function expectSameWhole(
  image: Buffer,
  source: { width: number; height: number },
  scales: readonly number[],
  by = EXACT,
): Promise<void> {
  const { renderer } = await open();
  const request = workshop.request(image);
  const isLarge = source.width * source.height > LARGE_PIXELS;
  for (const scale of scales) {
    const stitched = await stitch((part) => renderer.part(request, part), source, scale);
    const [width, height] = [Math.ceil(source.width / scale), Math.ceil(source.height / scale)];
    const far = await distance(stitched, image, width, height);
    const isNear = far.most <= by && far.mean <= MEAN;
    expect({ scale, far: isNear ? 'near' : far }).toEqual({ scale, far: 'near' });
  }
  expect(renderer.counts.pyramids).toBe(isLarge ? 1 : 0);
  await renderer.close();
}

describe('tiles put together are the image', () => {
  test.each(ORIENTATIONS)('601 × 401, orientation %i', async (orientation) => {
    const image = await drawing(601, 401).withMetadata({ orientation }).jpeg({ quality: 97 }).toBuffer();
    await expectSameWhole(image, uprightSize(601, 401, orientation), [1, 4]);
  });

  test('2411 × 3372', async () => {
    const image = await drawing(2411, 3372).png(QUICK).toBuffer();
    await expectSameWhole(image, { width: 2411, height: 3372 }, [2, 8]);
  });

  test.each(ORIENTATIONS)('2411 × 1803 from a pyramid, orientation %i', async (orientation) => {
    const image = await drawing(2411, 1803).withMetadata({ orientation }).png(QUICK).toBuffer();
    await expectSameWhole(image, uprightSize(2411, 1803, orientation), [4]);
  });

  test.each([
    ['a gray JPEG', LOSSY, () => drawing(2411, 1803).toColorspace('b-w').jpeg({ quality: 97 })],
    ['CMYK', LOSSY, () => drawing(2411, 1803).toColorspace('cmyk').withIccProfile('cmyk').jpeg()],
    ['a PNG of 16 bits', EXACT, () => drawing(2411, 1803).toColorspace('rgb16').png(QUICK)],
    ['a progressive JPEG', LOSSY, () => drawing(2411, 1803).jpeg({ quality: 97, progressive: true })],
    ['a TIFF', LOSSY, () => drawing(2411, 1803).tiff({ compression: 'lzw' })],
  ])('%s from a pyramid', async (_, by, make) => {
    await expectSameWhole(await make().toBuffer(), { width: 2411, height: 1803 }, [4], by);
  });

  test('transparency, small and large', async () => {
    for (const [width, height] of [
      [601, 401],
      [2411, 1803],
    ] as const) {
      const shade = await drawing(width, height).extractChannel(0).raw().toBuffer();
      const glass = drawing(width, height).joinChannel(shade, { raw: { width, height, channels: 1 } });
      const image = await glass.png(QUICK).toBuffer();
      expect((await sharp(image).metadata()).hasAlpha).toBe(true);
      await expectSameWhole(image, { width, height }, [4], EXACT + 1);
    }
  });
});

const LARGE = { width: 2411, height: 1803 };
const large = () => drawing(LARGE.width, LARGE.height).jpeg().toBuffer();
const tile = (column: number, row = 0): Part => ({
  source: LARGE,
  region: { left: column * TILE, top: row * TILE, width: TILE, height: TILE },
  width: TILE,
  height: TILE,
  format: 'jpeg',
});

test('any region, at any size', async () => {
  const { renderer } = await open();
  const image = await drawing(LARGE.width, LARGE.height).png(QUICK).toBuffer();
  const request = workshop.request(image);
  const region = { left: 401, top: 333, width: 1500, height: 1201 };
  const cut = await sharp(image).extract(region).png(QUICK).toBuffer();
  for (const [width, height] of [
    [400, 320],
    [100, 80],
    [30, 1000],
  ] as const) {
    const { bytes } = await renderer.part(request, { source: LARGE, region, width, height, format: 'png' });
    const actual = await sharp(bytes).ensureAlpha().raw().toBuffer();
    expect((await distance(actual, cut, width, height)).most).toBeLessThanOrEqual(EXACT);
  }
  await renderer.close();
});

test.each([
  ['no pixels', { width: 0 }],
  ['too many', { width: 4097 }],
  ['a region outside', { region: { left: 2410, top: 0, width: 2, height: 1 } }],
  ['a region of nothing', { region: { left: 0, top: 0, width: 0, height: 1 } }],
  ['half a pixel', { region: { left: 0.5, top: 0, width: 1, height: 1 } }],
])('a part with %s makes no sense', async (_, change) => {
  const { renderer } = await open();
  const request = workshop.request(Buffer.from('x'));
  await expect(renderer.part(request, { ...tile(0), ...change })).rejects.toMatchObject({ code: 'USAGE' });
  await renderer.close();
});

/** Files in a cache, without those that are being written. */
function files(cache: string): string[] {
  return readdirSync(cache, { recursive: true, encoding: 'utf8' })
    .map((name) => join(cache, name))
    .filter((path) => statSync(path).isFile());
}

test('the pyramid is made once, however many ask, counts, and stays over a restart', async () => {
  const { renderer, cache } = await open();
  let opened = 0;
  const { sha256, open: openImage } = workshop.request(await large());
  const request = { sha256, open: () => (opened++, openImage()) };
  await Promise.all(
    Array.from({ length: 9 }, (_, i) => renderer.part(request, tile(i % 3, Math.floor(i / 3)))),
  );
  expect(opened).toBe(1);
  expect(renderer.counts).toMatchObject({ pyramids: 1, rendered: 9, running: 0, queued: 0 });
  const [file, ...others] = files(cache);
  // Tiles and temporary files are not kept.
  expect(others).toEqual([]);
  expect(renderer.counts.cacheBytes).toBe(Math.ceil(statSync(file!).size / 4096) * 4096);
  expect(statSync(file!).mode & 0o077).toBe(0);
  await renderer.close();
  const again = await workshop.renderer({ cache, large: LARGE_PIXELS });
  await again.part(request, tile(1, 1));
  expect(again.counts).toMatchObject({ pyramids: 0, rendered: 1 });
  expect(opened).toBe(1);
  await again.close();
});

test.each([
  ['cut', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['changed in the middle', (bytes: Buffer) => (bytes.writeUInt8(bytes[99_999]! ^ 1, 99_999), bytes)],
  ['empty', () => Buffer.alloc(0)],
])('a pyramid that is %s is made anew', async (_, damage) => {
  const { renderer, cache } = await open();
  const request = workshop.request(await large());
  const { bytes } = await renderer.part(request, tile(1));
  await renderer.close();
  const [file] = files(cache);
  writeFileSync(file!, damage(readFileSync(file!)));
  const again = await workshop.renderer({ cache, large: LARGE_PIXELS });
  expect((await again.part(request, tile(1))).bytes).toEqual(bytes);
  expect(again.counts.pyramids).toBe(1);
  await again.close();
});

test('one that is damaged while it is open is made anew, too', async () => {
  const { renderer, cache } = await open();
  const request = workshop.request(await large());
  const { bytes } = await renderer.part(request, tile(1));
  const [file] = files(cache);
  // In place: the open file has these bytes.
  writeFileSync(file!, Buffer.alloc(statSync(file!).size));
  expect((await renderer.part(request, tile(1))).bytes).toEqual(bytes);
  expect(renderer.counts.pyramids).toBe(2);
  await renderer.close();
});

test('whoever waits too long is told to come back, and finds it made', async () => {
  const { renderer } = await open({ hold: 1 });
  const request = workshop.request(await large());
  await expect(renderer.part(request, tile(0))).rejects.toMatchObject({ code: 'BUSY' });
  const until = Date.now() + 60_000;
  while (renderer.counts.pyramids === 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await renderer.part(request, tile(0))).width).toBe(TILE);
  expect(renderer.counts.pyramids).toBe(1);
  await renderer.close();
});

test.each([
  ['without a cache', () => ({ cache: undefined })],
  ['with too small a cache', () => ({ cacheSize: 100_000 })],
])('%s, parts are rendered from the image', async (_, options) => {
  const { renderer } = await open(options());
  const request = workshop.request(await large());
  expect((await renderer.part(request, tile(1))).width).toBe(TILE);
  expect((await renderer.part(request, tile(2))).width).toBe(TILE);
  expect(renderer.counts.pyramids).toBe(0);
  await renderer.close();
});

test('where nothing can be written, parts are rendered from the image, and that is said once', async () => {
  const { renderer, cache } = await open();
  const unfinished = readdirSync(cache, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('new'),
  )!;
  rmSync(join(cache, unfinished), { recursive: true });
  writeFileSync(join(cache, unfinished), '');
  const request = workshop.request(await large());
  const before = workshop.warnings.length;
  for (const column of [1, 2]) expect((await renderer.part(request, tile(column))).width).toBe(TILE);
  expect(workshop.warnings.slice(before)).toEqual([expect.stringContaining(cache)]);
  await renderer.close();
});

test('a damaged image has no parts, and leaves nothing behind', async () => {
  const { renderer, cache } = await open();
  const image = await large();
  const request = workshop.request(image.subarray(0, image.length / 2));
  await expect(renderer.part(request, tile(1, 2))).rejects.toMatchObject({ code: 'NOT_RENDERABLE' });
  expect(files(cache)).toEqual([]);
  await renderer.close();
});

test('an image that changed meanwhile has no pyramid', async () => {
  const { renderer, cache } = await open();
  const request = workshop.request(await large(), { isUnchanged: () => false });
  await expect(renderer.part(request, tile(0))).rejects.toMatchObject({ code: 'CHANGED' });
  expect(files(cache)).toEqual([]);
  await renderer.close();
});
