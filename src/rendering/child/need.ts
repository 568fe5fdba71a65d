import type { Metadata } from 'sharp';
import type { Sharp } from './decoder';
import { type Input, openImage } from './input';
import { readJpegFrame } from './jpeg-frame';

/** What it takes to decode an image. */
export interface Need {
  readonly width: number;
  readonly height: number;
  /** About how many bytes the decoder takes for the image itself. */
  readonly memory: number;
}

/** Bytes that one number of a pixel has in memory. */
const DEPTH_BYTES: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 };

/** Throws where the header can't be read. */
export async function needOf(sharp: Sharp, input: Input): Promise<Need> {
  const frame = input.format === 'jpeg' ? readJpegFrame(input.file) : undefined;
  if (frame) {
    const { width, height, isProgressive, samples } = frame;
    return { width, height, memory: isProgressive ? jpegMemory(width * height, samples) : 0 };
  }
  // The limit of sharp would not say how large it is.
  const metadata = await openImage(sharp, input, { limitInputPixels: false }).metadata();
  const { width, height } = metadata;
  return { width, height, memory: Math.ceil(memoryFor(input, metadata)) };
}

/** As measured. Most decoders go line by line, and so take next to nothing for an image of any size; these hold all of it. */
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

/** Its coefficients, of which each has two bytes. */
function jpegMemory(pixels: number, samples: number): number {
  return Math.ceil(pixels * samples * 2);
}

/** Of one with metadata, alpha or frames this does not tell. */
function isLossyWebp(head: Buffer): boolean {
  return head.toString('latin1', 12, 16) === 'VP8 ';
}
