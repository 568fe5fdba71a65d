import type { OutputInfo, Sharp as Image } from 'sharp';
import { MOST_PIXELS_A_SIDE, type Recipe } from '../recipe';
import type { Answer, Order, Task } from '../wire/messages';
import type { Sharp } from './decoder';
import { type Input, loadersFor, MOST_SVG_BYTES, openImage, refuse, sayWhy } from './input';
import { mostInputPixels, needOf, refuseNeed } from './need';
import { thumbhashOf } from './thumbhash';

const QUALITY = 80;
/** A higher effort takes several times as long and saves a few percent. */
const EFFORT = 2;
const WHITE = '#fff';

export interface Rendered {
  readonly answer: Answer;
  readonly bytes?: Buffer;
}

type RenderTask = Extract<Task, { readonly kind: 'render' }>;

/** Renders an image if this process has its loader. */
export async function render(sharp: Sharp, input: Input, order: Order, task: RenderTask): Promise<Rendered> {
  try {
    const need = await needOf(sharp, input);
    const mostPixels = mostInputPixels(input, need.isProgressive);
    const refusal = refuseNeed(need, order, mostPixels);
    if (refusal) return { answer: refusal };
    const image = openImage(sharp, input, { limitInputPixels: mostPixels, autoOrient: true });
    return await make(sharp, image, task);
  } catch (error) {
    return { answer: refuse(`The image can't be decoded: ${sayWhy(error, input.file)}.`) };
  }
}

/** Why an image of this format has no rendition. */
export function whyNot(input: Input): string | undefined {
  if (loadersFor(input)) return undefined;
  if (input.format === 'svg')
    return `SVG files of more than ${MOST_SVG_BYTES / 1_048_576} MiB are not rendered.`;
  if (input.format === 'unknown') return 'The format of this image is unknown.';
  return `Images in ${input.format} format are not rendered.`;
}

async function make(sharp: Sharp, image: Image, { recipe, withThumbhash }: RenderTask): Promise<Rendered> {
  const { width, format } = recipe;
  image.resize({ width, height: MOST_PIXELS_A_SIDE, fit: 'inside', withoutEnlargement: true });
  image.toColorspace('srgb');
  if (format === 'jpeg') image.flatten({ background: WHITE });
  if (!withThumbhash) {
    const { data, info } = await encode(image, recipe).toBuffer({ resolveWithObject: true });
    return { answer: describe(recipe, info), bytes: data };
  }
  // The same pixels serve both: decoding the finished thumbnail would cost more.
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const { width: w, height: h, channels } = info;
  // Runs in another thread meanwhile.
  const encoding = encode(sharp(data, { raw: { width: w, height: h, channels } }), recipe).toBuffer();
  const thumbhash = thumbhashOf({ data, width: w, height: h, channels });
  const bytes = await encoding;
  return { answer: { ...describe(recipe, info), thumbhash }, bytes };
}

function encode(image: Image, { format }: Recipe): Image {
  if (format === 'webp') return image.webp({ quality: QUALITY, effort: EFFORT });
  return image.jpeg({ quality: QUALITY, mozjpeg: false });
}

function describe({ format }: Recipe, { width, height }: OutputInfo): Extract<Answer, { kind: 'rendition' }> {
  return { kind: 'rendition', type: `image/${format}`, width, height };
}
