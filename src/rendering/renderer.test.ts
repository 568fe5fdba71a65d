import { rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { deepTiff } from './fixtures/tiff';
import { Workshop } from './fixtures/workshop';
import type { Rendition } from './rendition';
import { openRenderer, type Renderer } from './renderer';

const workshop = new Workshop();
let renderer: Renderer;
beforeAll(async () => (renderer = await workshop.renderer()));
afterAll(() => workshop.close());

const WEBP = { width: 320, format: 'webp' } as const;
const JPEG = { width: 320, format: 'jpeg' } as const;

const render = (bytes: Buffer, recipe: typeof WEBP | typeof JPEG = WEBP) =>
  renderer.render(workshop.request(bytes), recipe);

const plain = (width: number, height: number, background = '#c03010') =>
  sharp({ create: { width, height, channels: 3, background } });

/** Red, green, blue and alpha of one pixel. */
async function pixel({ bytes }: Rendition, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)];
}

function expectColor(actual: readonly number[], expected: readonly number[], by = 12): void {
  const far = expected.filter((value, i) => Math.abs(value - actual[i]!) > by);
  expect({ actual: far.length ? actual : expected }).toEqual({ actual: expected });
}

test.each([
  ['webp', WEBP],
  ['jpeg', JPEG],
])('a photograph becomes a thumbnail in %s', async (format, recipe) => {
  const rendition = await render(await plain(900, 600).jpeg().toBuffer(), recipe);
  expect(rendition).toMatchObject({ width: 320, height: 213, type: `image/${format}` });
  expect(await sharp(rendition.bytes).metadata()).toMatchObject({
    format,
    width: 320,
    height: 213,
    space: 'srgb',
  });
  expectColor(await pixel(rendition, 100, 100), [0xc0, 0x30, 0x10, 255]);
});

test.each([
  ['a small image', 40, 30, 40, 30],
  ['a very tall one', 100, 8192, 50, 4096],
  ['one pixel', 1, 1, 1, 1],
  ['a line', 4000, 1, 320, 1],
])('%s is never enlarged, and no side is longer than 4096', async (_, w, h, width, height) => {
  expect(await render(await plain(w, h).png().toBuffer())).toMatchObject({ width, height });
});

const CORNERS = { TL: [4, 4], TR: [-5, 4], BL: [4, -5], BR: [-5, -5] } as const;

test.each([
  [1, 'TL', 'TR'],
  [2, 'TR', 'TL'],
  [3, 'BR', 'BL'],
  [4, 'BL', 'BR'],
  [5, 'TL', 'BL'],
  [6, 'TR', 'BR'],
  [7, 'BR', 'TR'],
  [8, 'BL', 'TL'],
] as const)('orientation %i', async (orientation, red, blue) => {
  const spot = (background: string) => plain(20, 20, background).png().toBuffer();
  const image = await plain(60, 40, '#ffffff')
    .composite([
      { input: await spot('#ff0000'), left: 0, top: 0 },
      { input: await spot('#0000ff'), left: 40, top: 0 },
    ])
    .jpeg({ chromaSubsampling: '4:4:4', quality: 95 })
    .withMetadata({ orientation })
    .toBuffer();
  const rendition = await render(image);
  const [width, height] = orientation > 4 ? [40, 60] : [60, 40];
  expect(rendition).toMatchObject({ width, height });
  const at = (corner: keyof typeof CORNERS) => {
    const [x, y] = CORNERS[corner];
    return pixel(rendition, (x + width) % width, (y + height) % height);
  };
  expectColor(await at(red), [255, 0, 0, 255], 40);
  expectColor(await at(blue), [0, 0, 255, 255], 40);
  expect((await sharp(rendition.bytes).metadata()).orientation).toBeUndefined();
});

test('CMYK becomes RGB by its profile', async () => {
  const cmyk = await plain(400, 300, '#20a040').toColorspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer();
  expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
  const rendition = await render(cmyk);
  expect((await sharp(rendition.bytes).metadata()).space).toBe('srgb');
  expectColor(await pixel(rendition, 50, 50), [0x20, 0xa0, 0x40, 255], 40);
});

test('another profile is converted, and does not travel along', async () => {
  const p3 = await plain(400, 300, '#c03010').withIccProfile('p3').png().toBuffer();
  expect((await sharp(p3).metadata()).icc).toBeDefined();
  const rendition = await render(p3);
  expect((await sharp(rendition.bytes).metadata()).icc).toBeUndefined();
  expectColor(await pixel(rendition, 50, 50), [0xc0, 0x30, 0x10, 255]);
});

test.each([
  ['png', () => plain(400, 300).toColorspace('rgb16').png().toBuffer()],
  ['tiff', () => Promise.resolve(deepTiff(400, 300, [0xc0, 0x30, 0x10]))],
])('16 bits a channel, as %s', async (_, make) => {
  const deep = await make();
  expect((await sharp(deep).metadata()).depth).toBe('ushort');
  expectColor(await pixel(await render(deep), 50, 50), [0xc0, 0x30, 0x10, 255]);
});

test.each(['webp', 'jpeg'] as const)('gray, to %s', async (format) => {
  const gray = await plain(400, 300, '#808080').toColorspace('b-w').png().toBuffer();
  expectColor(
    await pixel(await render(gray, { width: 320, format } as typeof WEBP), 9, 9),
    [128, 128, 128, 255],
  );
});

test('alpha stays in WebP, and lies on white in JPEG', async () => {
  const glass = sharp({
    create: { width: 400, height: 300, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
  });
  const image = await glass.png().toBuffer();
  expectColor(await pixel(await render(image), 9, 9), [255, 0, 0, 128]);
  expectColor(await pixel(await render(image, JPEG), 9, 9), [255, 128, 128, 255]);
});

test('of an animation the first frame', async () => {
  const frames = await Promise.all(
    ['#ff0000', '#00ff00', '#0000ff'].map((color) => plain(64, 48, color).png().toBuffer()),
  );
  for (const format of ['gif', 'webp'] as const) {
    const moving = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(3);
    const rendition = await render(moving);
    expect(rendition).toMatchObject({ width: 64, height: 48 });
    expect((await sharp(rendition.bytes).metadata()).pages).toBeUndefined();
    expectColor(await pixel(rendition, 9, 9), [255, 0, 0, 255], 30);
  }
});

test.each(['avif', 'tiff', 'gif', 'webp'] as const)('%s is read', async (format) => {
  const rendition = await render(await plain(400, 300).toFormat(format).toBuffer());
  expect(rendition).toMatchObject({ width: 320, height: 240 });
  expectColor(await pixel(rendition, 9, 9), [0xc0, 0x30, 0x10, 255], 20);
});

test('SVG is read, in a child of its own', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="#c03010"/></svg>',
  );
  const before = workshop.children().length;
  const rendition = await render(svg);
  expect(rendition).toMatchObject({ width: 320, height: 240 });
  expectColor(await pixel(rendition, 9, 9), [0xc0, 0x30, 0x10, 255]);
  expect(workshop.children().length).toBeGreaterThan(before);
});

test.each([
  ['webp', WEBP],
  ['jpeg', JPEG],
])('no metadata comes along, in %s', async (_, recipe) => {
  const told = await plain(400, 300)
    .withExif({
      IFD0: { Make: 'Secretive', Copyright: 'Somebody' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>')
    .jpeg()
    .toBuffer();
  const { bytes } = await render(told, recipe);
  const { exif, xmp, icc, iptc } = await sharp(bytes).metadata();
  expect({ exif, xmp, icc, iptc }).toEqual({});
  expect(bytes.includes('Secretive')).toBe(false);
});

test('a thumbhash comes with small renditions', async () => {
  const image = await plain(900, 600).jpeg().toBuffer();
  const { thumbhash } = await render(image);
  expect(Buffer.from(thumbhash!, 'base64').length).toBeGreaterThan(10);
  const wide = await renderer.render(workshop.request(image), { width: 640, format: 'webp' });
  expect(wide.thumbhash).toBeUndefined();
});

/** The mean color that a ThumbHash begins with: luminance and two differences of colors. */
function meanOf(thumbhash: string): number[] {
  const bits = Buffer.from(thumbhash, 'base64').readUIntLE(0, 3);
  const luminance = (bits & 63) / 63;
  const [p, q] = [((bits >> 6) & 63) / 31.5 - 1, ((bits >> 12) & 63) / 31.5 - 1];
  const blue = luminance - (2 / 3) * p;
  const red = (3 * luminance - blue + q) / 2;
  return [red, red - q, blue].map((part) => 255 * part);
}

const hasAlpha = (thumbhash: string) => Buffer.from(thumbhash, 'base64')[2]! >= 128;

test.each([
  ['opaque', 1],
  ['half of it transparent', 0],
])('a thumbhash has the mean color of the picture: %s', async (_, alpha) => {
  const half = await plain(300, 400, '#c82814').png().toBuffer();
  const background = { r: 20, g: 120, b: 220, alpha };
  const canvas = sharp({ create: { width: 600, height: 400, channels: 4, background } });
  const composed = await canvas
    .composite([{ input: half, left: 0, top: 0 }])
    .png()
    .toBuffer();
  const { thumbhash } = await render(composed);
  expect(hasAlpha(thumbhash!)).toBe(alpha === 0);
  expectColor(meanOf(thumbhash!), alpha === 1 ? [110, 80, 120] : [200, 40, 20]);
});

test('a recent rendition comes from memory', async () => {
  const cache = join(workshop.folder, 'recent');
  const caching = await workshop.renderer({ cache });
  const request = workshop.request(await plain(40, 30).png().toBuffer());
  const made = await caching.render(request, WEBP);
  // Writing it to the disk goes on after the answer.
  while (caching.counts.cacheBytes === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  rmSync(cache, { recursive: true });
  const open = () => Promise.reject(new Error('it was opened again'));
  expect(await caching.render({ ...request, open }, WEBP)).toEqual(made);
  expect(caching.counts).toMatchObject({ rendered: 1, cacheHits: 1, cacheMisses: 1 });
  await caching.close();
});

test.each([0, -1, 1.5, 4097, NaN])('a width of %d makes no sense', async (width) => {
  const request = workshop.request(Buffer.from('x'));
  await expect(renderer.render(request, { width, format: 'webp' })).rejects.toMatchObject({ code: 'USAGE' });
});

test('an image that changed meanwhile', async () => {
  const request = workshop.request(await plain(40, 30).png().toBuffer(), { isUnchanged: () => false });
  await expect(renderer.render(request, WEBP)).rejects.toMatchObject({ code: 'CHANGED' });
});

test('without sharp or its program nothing is rendered, and that is said', async () => {
  const warnings: string[] = [];
  expect(await openRenderer({ onWarning: (one) => warnings.push(one) })).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining('was not built')]);
});
