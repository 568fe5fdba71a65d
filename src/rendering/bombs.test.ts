import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { entityBomb, largePng, longGif, svg } from './fixtures/bombs';
import { Workshop } from './fixtures/workshop';
import type { Renderer } from './renderer';

const workshop = new Workshop();
let renderer: Renderer;
beforeAll(async () => {
  renderer = await workshop.renderer({}, { patience: 20_000 });
  // The child for SVG starts here.
  await renderer.render(workshop.request(svg('')), WEBP);
});
afterAll(() => workshop.close());

const WEBP = { width: 320, format: 'webp' } as const;
/** Milliseconds. None takes one second, unless the machine is busy with something else. */
const AT_ONCE = 5000;

async function outcomeOf(bytes: Buffer): Promise<string> {
  const start = performance.now();
  const outcome = await renderer.render(workshop.request(bytes), WEBP).then(
    ({ width, height }) => `${width}×${height}`,
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );
  await renderer.facts(workshop.request(bytes).open);
  expect(performance.now() - start).toBeLessThan(AT_ONCE);
  expect(outcome).not.toMatch(/\n|\/proc|.{250}/);
  return outcome;
}

test('50,000 × 50,000 pixels', async () => {
  expect(await outcomeOf(largePng(50_000, 50_000))).toMatch(/^NOT_RENDERABLE: .*50000×50000.*100 megapixels/);
});

test('a size that no memory has', async () => {
  expect(await outcomeOf(largePng(2_000_000_000, 2_000_000_000))).toMatch(/^NOT_RENDERABLE/);
});

test('a PNG that ends before its pixels do', async () => {
  expect(await outcomeOf(largePng(9_000, 9_000))).toMatch(/^NOT_RENDERABLE/);
});

test('a GIF of 10,000 frames', async () => {
  expect(await outcomeOf(longGif(10_000, 1000))).toBe('320×320');
});

test('a progressive JPEG whose last scan comes 1,000 times', async () => {
  const plain = sharp({ create: { width: 4000, height: 4000, channels: 3, background: '#fff' } });
  const jpeg = await plain.toColorspace('b-w').jpeg({ progressive: true }).toBuffer();
  const scan = jpeg.subarray(jpeg.lastIndexOf(Buffer.from('ffda', 'hex')), -2);
  const bomb = Buffer.concat([jpeg.subarray(0, -2), ...Array(1000).fill(scan), Buffer.from('ffd9', 'hex')]);
  expect(await outcomeOf(bomb)).toMatch(/^NOT_RENDERABLE/);
});

test('an SVG whose entities are a billion words', async () => {
  expect(await outcomeOf(entityBomb(9))).toMatch(/^NOT_RENDERABLE/);
});

test('an SVG of 50,000 × 50,000 pixels', async () => {
  const large = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="50000" height="50000"/>');
  expect(await outcomeOf(large)).toMatch(/^NOT_RENDERABLE/);
});

test('an SVG that is too long', async () => {
  expect(await outcomeOf(svg(' '.repeat(9_000_000)))).toMatch(/^NOT_RENDERABLE: .*8 MiB/);
});

test('an SVG reads no file and asks no server', async () => {
  let connections = 0;
  const server = createServer(() => connections++).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const secret = join(workshop.folder, 'secret.png');
  writeFileSync(
    secret,
    await sharp({ create: { width: 9, height: 9, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer(),
  );
  const links = [secret, `file://${secret}`, 'secret.png', `http://127.0.0.1:${port}/a.png`];
  const images = links.map((link) => `<image width="100" height="100" href="${link}" xlink:href="${link}"/>`);
  const more = `<style>@import url("http://127.0.0.1:${port}/a.css");</style><use href="${secret}#a"/>`;
  const entity = `<!DOCTYPE svg [<!ENTITY read SYSTEM "file://${secret}">]>`;
  const bytes = svg(`${images.join('')}${more}<text>&read;</text>`, entity);
  const rendition = await renderer.render(workshop.request(bytes), WEBP).catch(() => undefined);
  if (rendition) {
    const { channels } = await sharp(rendition.bytes).stats();
    expect(channels[0]!.max).toBe(0);
  }
  const plain = await renderer.render(workshop.request(svg(images.join(''))), WEBP);
  expect((await sharp(plain.bytes).ensureAlpha().stats()).channels[3]!.max).toBe(0);
  expect(connections).toBe(0);
  server.close();
});

test.each(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const)('a truncated %s', async (format) => {
  const noise = sharp({
    create: {
      width: 300,
      height: 200,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  });
  const whole = await noise.toFormat(format).toBuffer();
  for (const part of [0.001, 0.1, 0.5, 0.98])
    expect(await outcomeOf(whole.subarray(0, Math.ceil(whole.length * part)))).toMatch(/^NOT_RENDERABLE/);
});

test.each([
  ['nothing', ''],
  ['one byte', 'ff'],
  ['the begin of a JPEG', 'ffd8ffe000104a464946'],
  ['a TIFF that points to itself', '49492a0008000000 0100 87690400010000000800000008000000'],
  ['a box without an end', '0000000066747970 61766966'],
])('%s', async (_, hex) => {
  expect(await outcomeOf(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toMatch(/^NOT_RENDERABLE/);
});

test('random bytes behind every signature', async () => {
  const seeds = [
    'ffd8ffe0',
    '89504e470d0a1a0a0000000d49484452',
    '474946383961',
    '49492a00',
    '52494646ffffffff57454250565038',
  ];
  for (const seed of seeds) {
    const junk = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) & 255));
    expect(await outcomeOf(Buffer.concat([Buffer.from(seed, 'hex'), junk]))).toMatch(/^NOT_RENDERABLE|^\d/);
  }
});

test('what reads other files is blocked: libvips’ own format, and a list of images', async () => {
  for (const text of [
    '\x08\xf2\xa6\xb6'.padEnd(100, '\0'),
    'P6 100 100 255 ',
    '#!MSVG\nimage over 0,0 0,0 "/etc/passwd"',
  ])
    expect(await outcomeOf(Buffer.from(text, 'latin1'))).toMatch(/^NOT_RENDERABLE/);
});

test('the server is unimpressed', () => expect(renderer.counts.restarts).toBe(0));
