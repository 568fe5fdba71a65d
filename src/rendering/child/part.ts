import type { Metadata, Sharp as Image, SharpOptions } from 'sharp';
import type { Part } from '../part';
import type { Order, PyramidShape, Task } from '../wire/messages';
import type { Sharp } from './decoder';
import { type Input, openImage, refuse, sayWhy, sizeOf } from './input';
import { cutOf, levelFor, levelSize } from './levels';
import { MOST_TILED_PIXELS, needOf, refuseNeed } from './need';
import type { Rendered } from './render';
import { endsOf, storedRegion, turned, turnsOf } from './upright';

/** Higher than that of thumbnails: people zoom in to look closely. */
const QUALITY = { jpeg: 90, webp: 85 } as const;
const EFFORT = 2;
const WHITE = '#fff';

type PartTask = Extract<Task, { readonly kind: 'part' }>;

/** Renders a part of an image, from its file or a pyramid of it. */
export async function renderPart(
  sharp: Sharp,
  input: Input,
  order: Order,
  task: PartTask,
): Promise<Rendered> {
  const { part, pyramid } = task;
  try {
    if (pyramid) return await cut(sharp, (options) => openImage(sharp, input, options), part, pyramid);
    const need = await needOf(sharp, input);
    const refusal = refuseNeed(need, order, MOST_TILED_PIXELS);
    if (refusal) return { answer: refusal };
    const metadata = await openImage(sharp, input, { limitInputPixels: false }).metadata();
    if (!isSameSize(metadata, part)) return { answer: refuse('The size of the image is another one.') };
    const open = (options: SharpOptions) => openImage(sharp, input, options).toColorspace('srgb');
    return await cut(sharp, open, part, { orientation: metadata.orientation ?? 1, levels: 1 });
  } catch (error) {
    return { answer: refuse(`The image can't be decoded: ${sayWhy(error, input.file)}.`) };
  }
}

function isSameSize(metadata: Metadata, { source }: Part): boolean {
  const { width, height } = sizeOf(metadata);
  return width === source.width && height === source.height;
}

type Open = (options: SharpOptions) => Image;

async function cut(sharp: Sharp, open: Open, part: Part, shape: PyramidShape): Promise<Rendered> {
  const { width, height, format } = part;
  const turns = turnsOf(shape.orientation);
  const ends = endsOf(turns);
  const level = levelFor(part, shape.levels, ends);
  const stored = levelSize(turned(part.source, turns), level);
  const { region, missing } = cutOf(part, level, turned(stored, turns), ends);
  const from = storedRegion(region, stored, turns);
  const to = turned({ width: width - missing.width, height: height - missing.height }, turns);
  const image = open({ limitInputPixels: MOST_TILED_PIXELS, ...(shape.levels > 1 && { page: level }) });
  // Without an extract, JPEG is decoded at a fraction of its size.
  if (from.width < stored.width || from.height < stored.height) image.extract(from);
  if (from.width !== to.width || from.height !== to.height) image.resize({ ...to, fit: 'fill' });
  if (format === 'jpeg') image.flatten({ background: WHITE });
  const isDone = shape.orientation === 1 && missing.width === 0 && missing.height === 0;
  const upright = isDone ? image : await turnAndExtend(sharp, image, shape.orientation, missing);
  const bytes = await encode(upright, format).toBuffer();
  return { answer: { kind: 'rendition', type: `image/${format}`, width, height }, bytes };
}

/** On the pixels of the part alone: turning a whole image would take it into memory. */
async function turnAndExtend(
  sharp: Sharp,
  image: Image,
  orientation: number,
  missing: { readonly width: number; readonly height: number },
): Promise<Image> {
  const { flip, flop, turn } = turnsOf(orientation);
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const upright = sharp(data, { raw: { width, height, channels } })
    .flip(flip)
    .flop(flop)
    .rotate(turn ? 90 : 0);
  return upright.extend({ right: missing.width, bottom: missing.height, extendWith: 'copy' });
}

function encode(image: Image, format: Part['format']): Image {
  switch (format) {
    case 'webp':
      return image.webp({ quality: QUALITY.webp, effort: EFFORT });
    case 'jpeg':
      return image.jpeg({ quality: QUALITY.jpeg, chromaSubsampling: '4:4:4', mozjpeg: false });
    case 'png':
      return image.png();
  }
}
