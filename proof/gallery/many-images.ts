import { linkSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { seededBytes } from '../../bench/data/random';

/** Images that differ; the others are links to them. */
export const DIFFERENT = 200;
const SHAPES = [
  [480, 320],
  [320, 480],
  [480, 360],
  [400, 400],
  [640, 240],
] as const;

/** Hangs `count` small JPEGs, whose names sort by their numbers. */
export async function hangMany(folder: string, count: number): Promise<void> {
  const originals = join(folder, '..', 'originals');
  mkdirSync(originals);
  mkdirSync(folder);
  for (let i = 0; i < DIFFERENT; i++) await paint(join(originals, `${i}.jpg`), i);
  for (let i = 0; i < count; i++) linkSync(join(originals, `${i % DIFFERENT}.jpg`), join(folder, nameOf(i)));
}

export function nameOf(index: number): string {
  return `${String(index).padStart(6, '0')}.jpg`;
}

/** A few soft colors. */
async function paint(path: string, seed: number): Promise<void> {
  // Only this proof needs it.
  const { default: sharp } = await import('sharp');
  const [width, height] = SHAPES[seed % SHAPES.length]!;
  const colors = seededBytes(`image ${seed}`)(4 * 3 * 3);
  const small = sharp(colors, { raw: { width: 4, height: 3, channels: 3 } });
  await small.resize(width, height, { fit: 'fill', kernel: 'cubic' }).jpeg().toFile(path);
}
