import type { Metadata } from 'sharp';
import type { Answer, Order } from '../wire/messages';
import type { Sharp } from './decoder';
import { type Input, openImage, refuse } from './input';
import { readJpegFrame } from './jpeg-frame';

/** The most that is decoded for a thumbnail: 100 megapixels, or more if the format can be read at a fraction of its size. */
const MOST_INPUT_PIXELS = 100_000_000;
/** The most that is decoded at all: 268 megapixels, 16,384 × 16,384. */
export const MOST_TILED_PIXELS = 16_384 ** 2;
/** The most memory that a decoder may take for an image. */
const MOST_DECODER_MEMORY = 1024 ** 3;

export function mostInputPixels({ format }: Input, isProgressive: boolean | undefined): number {
  return format === 'jpeg' && !isProgressive ? MOST_TILED_PIXELS : MOST_INPUT_PIXELS;
}

/** What decoding an image requires. */
export interface Need {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean | undefined;
  /** Approximate memory in bytes that the decoder uses for the image itself. */
  readonly memory: number;
}

/** Bytes per sample in memory. */
const DEPTH_BYTES: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 };

/** Throws if the header can't be read. */
export async function needOf(sharp: Sharp, input: Input): Promise<Need> {
  const frame = input.format === 'jpeg' ? readJpegFrame(input.file) : undefined;
  if (frame) {
    const { width, height, isProgressive, samples } = frame;
    const memory = isProgressive ? jpegMemory(width * height, samples) : 0;
    return { width, height, isProgressive, memory };
  }
  // With a limit, sharp would throw without saying how large the image is.
  const metadata = await openImage(sharp, input, { limitInputPixels: false }).metadata();
  const { width, height, isProgressive } = metadata;
  return { width, height, isProgressive, memory: Math.ceil(memoryFor(input, metadata)) };
}

/** The answer to an order that is not carried out: the image is too large, or needs more memory than the order grants. */
export function refuseNeed(need: Need, order: Order, mostPixels: number): Answer | undefined {
  const { width, height, memory } = need;
  if (width * height > mostPixels)
    return refuse(
      `The image has ${width}×${height} pixels. At most ${Math.floor(mostPixels / 1e6)} megapixels are rendered.`,
    );
  if (memory > MOST_DECODER_MEMORY)
    return refuse(
      `Decoding the image takes ${Math.ceil(memory / 2 ** 20)} MiB of memory, which is too much.`,
    );
  return memory > order.memory ? { kind: 'needs', loaders: 'raster', memory } : undefined;
}

/** Measured values. Most decoders work line by line and use little memory for any size; these hold the whole image. */
function memoryFor({ format, file }: Input, metadata: Metadata): number {
  const { width, height, channels = 4, depth = '', isProgressive } = metadata;
  const pixels = width * height;
  const decoded = pixels * channels * (DEPTH_BYTES[depth] ?? 4);
  switch (format) {
    case 'jpeg':
      return isProgressive ? jpegMemory(pixels, channels) : 0;
    case 'png':
      return isProgressive ? decoded * 1.2 : 0;
    case 'tiff':
      return decoded;
    case 'webp':
      return isLossyWebp(file.head) ? 0 : pixels * 5;
    case 'gif':
      return pixels * 6;
    case 'avif':
      return pixels * 20;
    default:
      return 0;
  }
}

/** The coefficients, two bytes each. */
function jpegMemory(pixels: number, samples: number): number {
  return Math.ceil(pixels * samples * 2);
}

/** False for any WebP with metadata, alpha or frames: their header is different. */
function isLossyWebp(head: Buffer): boolean {
  return head.toString('latin1', 12, 16) === 'VP8 ';
}
