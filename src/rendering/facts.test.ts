import sharp from 'sharp';
import { largePng, svg } from './fixtures/bombs';
import { tiff } from './fixtures/tiff';
import { Workshop } from './fixtures/workshop';
import type { Facts } from './facts';
import type { Renderer } from './renderer';

const workshop = new Workshop();
let renderer: Renderer;
beforeAll(async () => (renderer = await workshop.renderer()));
afterAll(() => workshop.close());

const factsOf = (bytes: Buffer, from = renderer): Promise<Facts> => from.facts(workshop.request(bytes).open);
const plain = () => sharp({ create: { width: 60, height: 40, channels: 3, background: '#c03010' } });
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

const PHOTO = {
  IFD0: { Make: 'Maker', Model: 'Maker Model 5' },
  IFD2: { DateTimeOriginal: '2024:02:29 23:59:58', OffsetTimeOriginal: '+02:00' },
  IFD3: {
    GPSLatitudeRef: 'S',
    GPSLatitude: '51/1 30/1 3600/100',
    GPSLongitudeRef: 'E',
    GPSLongitude: '7/1 0/1 0/1',
  },
};

test.each(['jpeg', 'png', 'webp', 'tiff', 'avif'] as const)('of a photograph, as %s', async (format) => {
  const image = await plain().withExif(PHOTO).toFormat(format).toBuffer();
  expect(await factsOf(image)).toEqual({
    format,
    width: 60,
    height: 40,
    colorSpace: 'sRGB',
    canRender: true,
    ...(format === 'tiff' ? {} : { taken: '2024-02-29T23:59:58', offset: '+02:00', camera: 'Maker Model 5' }),
  });
});

test('the place only where it was asked for', async () => {
  const image = await plain().withExif(PHOTO).jpeg().toBuffer();
  const telling = await workshop.renderer({ gps: true });
  expect((await factsOf(image, telling)).gps).toEqual({ latitude: -51.51, longitude: 7 });
  expect(await factsOf(image)).not.toHaveProperty('gps');
  await telling.close();
});

test.each([
  ['an empty date', '0000:00:00 00:00:00'],
  ['a day that no month has', '2023:02:30 12:00:00'],
  ['spaces', '    :  :     :  :  '],
  ['a date to come', '2999:01:01 00:00:00'],
  ['an hour that no day has', '2023:02:03 25:00:00'],
  ['words', 'yesterday'],
])('%s is no date', async (_, DateTimeOriginal) => {
  const image = await plain().withExif({ IFD2: { DateTimeOriginal } }).jpeg().toBuffer();
  expect(await factsOf(image)).not.toHaveProperty('taken');
});

test('nor is an offset without a date, or one that no clock has', async () => {
  for (const IFD2 of [{ OffsetTimeOriginal: '+02:00' }, { ...PHOTO.IFD2, OffsetTimeOriginal: '+25:00' }])
    expect(await factsOf(await plain().withExif({ IFD2 }).jpeg().toBuffer())).not.toHaveProperty('offset');
});

test('width and height are as oriented', async () => {
  for (const orientation of [1, 6, 8])
    expect(await factsOf(await plain().withMetadata({ orientation }).jpeg().toBuffer())).toMatchObject(
      orientation === 1 ? { width: 60, height: 40 } : { width: 40, height: 60 },
    );
});

test('the name of a color profile, else what the pixels stand for', async () => {
  expect(await factsOf(await plain().withIccProfile('p3').png().toBuffer())).toMatchObject({
    colorSpace: expect.stringContaining('P3'),
  });
  expect(await factsOf(await plain().toColorspace('b-w').png().toBuffer())).toMatchObject({
    colorSpace: 'gray',
  });
  expect(await factsOf(await plain().toColorspace('cmyk').jpeg().toBuffer())).toMatchObject({
    colorSpace: expect.stringMatching(/CMYK|SWOP|Coated/i),
  });
});

test('frames and pages', async () => {
  const frames = await Promise.all([plain().png().toBuffer(), plain().negate().png().toBuffer()]);
  const gif = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  expect(await factsOf(gif)).toMatchObject({ format: 'gif', width: 60, height: 40, pages: 2 });
});

test('an SVG', async () => {
  expect(await factsOf(svg('<rect/>'))).toMatchObject({
    format: 'svg',
    width: 100,
    height: 100,
    canRender: true,
  });
  expect(await factsOf(svg(' '.repeat(9_000_000)))).toEqual({ format: 'svg', canRender: false });
});

test('an image that is too large to be rendered', async () => {
  expect(await factsOf(largePng(50_000, 50_000))).toMatchObject({
    format: 'png',
    width: 50_000,
    height: 50_000,
    canRender: false,
  });
});

const zeros = (count: number) => '00'.repeat(count);

test.each([
  ['bmp', `424d ${zeros(12)} 28000000 40010000 10ffffff ${zeros(40)}`, { width: 320, height: 240 }],
  ['bmp', `424d ${zeros(12)} 0c000000 4001 f000 ${zeros(40)}`, { width: 320, height: 240 }],
  [
    'ico',
    `000001000200 10100000 01002000 a8100000 26000000 00000000 01002000 a8100000 26000000`,
    { width: 256, height: 256 },
  ],
  ['psd', `38425053 0001 ${zeros(6)} 0003 000000f0 00000140 0008 0003`, { width: 320, height: 240 }],
  ['qoi', `716f6966 00000140 000000f0 0300`, { width: 320, height: 240 }],
  ['heic', `0000001c 66747970 68656963 00000000 6d696631 68656963 68657663`, {}],
  ['heic', `00000018 66747970 6d696631 00000000 6d696631 68656963`, {}],
  ['raw', `00000018 66747970 63727820 00000001 63727820 69736f6d`, {}],
  ['jxl', `0000000c 4a584c20 0d0a870a ${zeros(9)}`, {}],
  ['jxl', `ff0a ${zeros(9)}`, {}],
  ['jp2', `0000000c 6a502020 0d0a870a`, {}],
  ['raw', `4949 1a000000 4845415043434452`, {}],
  ['raw', `49492a00 10000000 4352 0200 00000000 0000`, {}],
  ['unknown', `feff0000`, {}],
  ['unknown', ``, {}],
])('%s is known by its first bytes: %s', async (format, digits, size) => {
  expect(await factsOf(hex(digits))).toEqual({ format, ...size, canRender: false });
});

test.each([
  ['by its version', tiff([0xc612, 1, 4, 0x0104])],
  ['by its sensor', tiff([0x0106, 3, 1, 32803])],
  ['by the thumbnail in front', tiff([0x00fe, 4, 1, 1], [0x014a, 4, 1, 50])],
])('a raw file that is a TIFF is known %s', async (_, bytes) => {
  expect(await factsOf(bytes)).toEqual({ format: 'raw', canRender: false });
});

test('a raw file tells its camera', async () => {
  const bytes = tiff([0x0110, 2, 7, 38], [0xc612, 1, 4, 0x0104]);
  expect(await factsOf(bytes)).toEqual({ format: 'raw', camera: 'Camera', canRender: false });
});

test('EXIF in which thousands of entries claim the same bytes is read at once', async () => {
  const count = 5000;
  const exif = Buffer.alloc(65_000);
  exif.write('II*\0', 'latin1');
  exif.writeUInt32LE(8, 4);
  exif.writeUInt16LE(count, 8);
  for (let i = 0; i < count; i++) {
    exif.writeUInt16LE(0xe000 + i, 10 + i * 12);
    exif.writeUInt16LE(1, 12 + i * 12);
    exif.writeUInt32LE(60_000, 14 + i * 12);
  }
  const length = Buffer.from([0xff, 0xe1, 0, 0]);
  length.writeUInt16BE(exif.length + 8, 2);
  const jpeg = await plain().jpeg().toBuffer();
  const bomb = Buffer.concat([jpeg.subarray(0, 2), length, Buffer.from('Exif\0\0'), exif, jpeg.subarray(2)]);
  const start = performance.now();
  expect(await factsOf(bomb)).toMatchObject({ format: 'jpeg', width: 60 });
  expect(performance.now() - start).toBeLessThan(1000);
});

test('a model with control characters loses them', async () => {
  const image = await plain()
    .withExif({ IFD0: { Make: 'A\u001b[31m', Model: 'B\u202ec' } })
    .jpeg()
    .toBuffer();
  expect((await factsOf(image)).camera).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
