import type { Metadata } from 'sharp';
import type { Sharp } from './decoder';
import { type Input, openImage } from './input';
import { readJpegFrame } from './jpeg-frame';

/** What decoding an image requires. */
export interface Need {
  readonly width: number;
  readonly height: number;
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
    return { width, height, memory: isProgressive ? jpegMemory(width * height, samples) : 0 };
  }
  // With a limit, sharp would throw without saying how large the image is.
  const metadata = await openImage(sharp, input, { limitInputPixels: false }).metadata();
  const { width, height } = metadata;
  return { width, height, memory: Math.ceil(memoryFor(input, metadata)) };
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
