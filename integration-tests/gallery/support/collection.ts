import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** Images in the folder `many`: `many/0001.jpg` to `many/2000.jpg`. */
export const MANY = 2000;
/** The largest file of them, and the oldest. */
export const LARGEST = 777;
export const OLDEST = 42;

const SIZES = [
  [320, 213],
  [200, 300],
  [240, 240],
  [420, 180],
] as const;
const DRAWINGS = 40;
/** Seconds since 1970: long ago, so that no server takes an image for one that is still being written. */
const TIME = 1_600_000_000;

/** Names that a page could take for something else, and formats that browsers and servers treat in their own ways. */
export const ODD_NAMES = {
  html: '<img src=x onerror=alert(1)>.jpg',
  attribute: '" onerror="alert(2)" x=".jpg',
  spaces: 'two  spaces and a comma, here.jpg',
  decomposed: 'Zu\u0308rich.jpg',
  emoji: '🌋 volcano.jpg',
  url: '100%25 & #1?.jpg',
  tiff: 'scan.tiff',
  svg: 'drawing.svg',
  gif: 'moving.gif',
  heic: 'phone.heic',
  garbage: 'garbage.jpg',
  truncated: 'truncated.jpg',
} as const;
export const ODD_FOLDER = '<b>bold<b>';

export function nameOf(number: number): string {
  return `many/${String(number).padStart(4, '0')}.jpg`;
}

/** Fills a folder with what all tests of the gallery look at. */
export async function writeCollection(folder: string): Promise<void> {
  const drawings = await Promise.all(Array.from({ length: DRAWINGS }, (_, i) => draw(i)));
  const write = (name: string, bytes: Buffer | string, time = TIME) => writeAt(folder, name, bytes, time);
  for (let number = 1; number <= MANY; number++) {
    const comment = `image ${number}`.padEnd(number === LARGEST ? 60_000 : 20);
    const bytes = withComment(drawings[number % DRAWINGS]!, comment);
    await write(nameOf(number), bytes, number === OLDEST ? TIME - 1_000_000 : TIME + number);
  }
  for (let number = 1; number <= 12; number++)
    await write(`trips/Köln 2024/${number}.jpg`, withComment(drawings[number]!, `trip ${number}`));
  await write(`${ODD_FOLDER}/inside.jpg`, drawings[3]!);
  for (const [name, bytes] of Object.entries(await oddImages(drawings))) await write(`odd/${name}`, bytes);
  await write('cover.jpg', drawings[5]!);
}

/** Another image with that name, written now. */
export async function writeOne(folder: string, name: string): Promise<void> {
  await writeAt(folder, name, await draw(name.length), TIME + MANY + 1);
}

async function writeAt(folder: string, name: string, bytes: Buffer | string, time: number): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  await utimes(path, time, time);
}

async function oddImages(drawings: readonly Buffer[]): Promise<Record<string, Buffer | string>> {
  const { heic, garbage, truncated, tiff, gif, svg, ...plain } = ODD_NAMES;
  const [first] = drawings;
  return {
    ...Object.fromEntries(Object.values(plain).map((name, i) => [name, withComment(drawings[i]!, name)])),
    [tiff]: await sharp(first).tiff().toBuffer(),
    [gif]: await sharp(first).gif().toBuffer(),
    [svg]: `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><script>alert(3)</script><circle cx="150" cy="100" r="80" fill="teal"/></svg>`,
    [heic]: Buffer.concat([
      Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
      Buffer.alloc(4096, 7),
    ]),
    [garbage]: Buffer.alloc(4096, 'no image at all '),
    [truncated]: first!.subarray(0, first!.length / 3),
  };
}

/** A soft blend of two colors, different for each number. */
function draw(number: number): Promise<Buffer> {
  const [width, height] = SIZES[number % SIZES.length]!;
  const corners = Uint8Array.from({ length: 12 }, (_, i) => (number * 67 + i * 89 + (i % 3) * 40) % 256);
  return sharp(corners, { raw: { width: 2, height: 2, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .jpeg()
    .toBuffer();
}

/** The same picture in another file: a JPEG may carry comments. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment);
  const head = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, text, jpeg.subarray(2)]);
}
