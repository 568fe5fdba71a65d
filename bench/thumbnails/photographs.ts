import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Megapixels of the smallest and the largest image. */
const [SMALLEST, LARGEST] = [2, 24];
const SHAPE = 3 / 2;
/** The images are enlarged from noise of this many pixels: soft shapes, as in photographs, with some grain on top. */
const SEED_WIDTH = 48;

/** Makes JPEGs of 2 to 24 megapixels in `folder`, the same in every run. Returns their names. */
export async function makePhotographs(folder: string, count: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(4, '0')}.jpg`);
  for (const [i, name] of names.entries()) {
    const megapixels = SMALLEST + ((LARGEST - SMALLEST) * (i % 23)) / 22;
    const width = Math.round(Math.sqrt(megapixels * 1e6 * SHAPE));
    await makePhotograph(join(folder, name), i + 1, { width, height: Math.round(width / SHAPE) });
  }
  return names;
}

export async function makePhotograph(
  file: string,
  seed: number,
  { width, height }: { readonly width: number; readonly height: number },
  isProgressive = false,
): Promise<void> {
  const rows = Math.round(SEED_WIDTH / SHAPE);
  const pixels = noise(SEED_WIDTH * rows * 3, seed);
  await sharp(pixels, { raw: { width: SEED_WIDTH, height: rows, channels: 3 } })
    .resize(width, height, { kernel: 'cubic' })
    .jpeg({ quality: 88, progressive: isProgressive })
    .toFile(file);
}

/** xorshift: good enough for pictures. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed * 2_654_435_761;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 255;
  }
  return bytes;
}
