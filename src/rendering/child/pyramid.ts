import type { Order, Task } from '../wire/messages';
import type { Sharp } from './decoder';
import { type Input, openImage, refuse, sayWhy } from './input';
import { MOST_TILED_PIXELS, needOf, refuseNeed } from './need';
import type { Rendered } from './render';

/** Each side of a tile within the file. */
const TILE = 512;
const QUALITY = 92;
/** libvips holds this many rows of tiles at a time, of all pages together. */
const ROWS = 4;
const CHANNELS = 3;
/** Formats whose pixels should come out as they went in. */
const LOSSLESS: readonly string[] = ['png', 'gif'];

type PyramidTask = Extract<Task, { readonly kind: 'pyramid' }>;

/**
 * Writes a TIFF whose pages are the image at half the size each time, until it fits into one tile. The pixels stay as they
 * are stored: turning them upright would take the whole image into memory.
 */
export async function makePyramid(
  sharp: Sharp,
  input: Input,
  order: Order,
  task: PyramidTask,
): Promise<Rendered> {
  try {
    const need = await needOf(sharp, input);
    const memory = need.memory + need.width * CHANNELS * TILE * ROWS;
    const refusal = refuseNeed({ ...need, memory }, order, MOST_TILED_PIXELS);
    if (refusal) return { answer: refusal };
    const { orientation = 1, hasAlpha } = await openImage(sharp, input, {
      limitInputPixels: false,
    }).metadata();
    const isLossless = hasAlpha || LOSSLESS.includes(input.format);
    // libvips keeps smaller pages in files there until they are complete.
    process.env.TMPDIR = task.scratch;
    await openImage(sharp, input, { limitInputPixels: MOST_TILED_PIXELS })
      .toColorspace('srgb')
      // Deflate takes three times as long as LZW.
      .tiff({
        compression: isLossless ? 'lzw' : 'jpeg',
        predictor: 'horizontal',
        quality: QUALITY,
        tile: true,
        tileWidth: TILE,
        tileHeight: TILE,
        pyramid: true,
      })
      .toFile(task.target);
    return { answer: { kind: 'pyramid', shape: { orientation, levels: levelsOf(need) } } };
  } catch (error) {
    return { answer: refuse(`The image can't be decoded: ${sayWhy(error, input.file)}.`) };
  }
}

function levelsOf({ width, height }: { readonly width: number; readonly height: number }): number {
  let levels = 1;
  for (let [w, h] = [width, height]; w > TILE || h > TILE; [w, h] = [w >> 1, h >> 1]) levels++;
  return levels;
}
