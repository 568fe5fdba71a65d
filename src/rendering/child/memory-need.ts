import type { Metadata } from 'sharp';

/** Bytes that one number of a pixel has in memory. */
const DEPTH_BYTES: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 };

/**
 * About how many bytes a decoder takes for the image itself. Most read it line by line, and so take next to nothing
 * however large it is; these hold all of it.
 */
export function memoryNeed(format: string, metadata: Metadata): number {
  const { width, height, channels = 4, depth = '', isProgressive, chromaSubsampling } = metadata;
  const pixels = width * height;
  const decoded = pixels * channels * (DEPTH_BYTES[depth] ?? 4);
  switch (format) {
    case 'jpeg':
      // Its coefficients, of which each has two bytes.
      return isProgressive ? pixels * (chromaSubsampling?.startsWith('4:2:0') ? 1.5 : channels) * 2 : 0;
    case 'png':
      return isProgressive ? decoded : 0;
    case 'tiff':
      return decoded;
    case 'gif':
    case 'webp':
      return pixels * 4;
    case 'avif':
      return pixels * 8;
    default:
      return 0;
  }
}
