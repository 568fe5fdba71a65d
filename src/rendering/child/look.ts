import type { Metadata } from 'sharp';
import type { Facts } from '../../facts';
import type { Answer } from '../wire/messages';
import { colorSpaceOf } from './color-space';
import type { Sharp } from './decoder';
import { readExif } from './exif';
import { sizeFromHead } from './header-size';
import { type Input, loadersFor, openImage, sizeOf } from './input';
import { mostInputPixels } from './need';
import { type Directory, TiffFile } from './tiff';

/** Facts from the header of an image: no pixels are decoded. */
export async function look(sharp: Sharp, input: Input, withGps: boolean): Promise<Answer> {
  const metadata = await readMetadata(sharp, input);
  const directory = input.directory ?? exifOf(metadata);
  const facts: Facts = {
    ...(directory ? readExif(directory, withGps) : {}),
    ...(metadata ? describe(metadata) : sizeFromHead(input.format, input.file.head)),
    format: input.format,
    canRender: loadersFor(input) !== undefined && metadata !== undefined && isSmallEnough(input, metadata),
  };
  return { kind: 'facts', facts };
}

/** Undefined if sharp can't read it. It reads the header of HEIC, but not the pixels. */
async function readMetadata(sharp: Sharp, input: Input): Promise<Metadata | undefined> {
  if (!loadersFor(input) && input.format !== 'heic') return undefined;
  try {
    return await openImage(sharp, input, { limitInputPixels: false }).metadata();
  } catch {
    return undefined;
  }
}

function describe(metadata: Metadata): Partial<Facts> {
  const { pages = 1 } = metadata;
  const colorSpace = colorSpaceOf(metadata);
  return {
    ...sizeOf(metadata),
    ...(pages > 1 ? { pages } : {}),
    ...(colorSpace === undefined ? {} : { colorSpace }),
  };
}

function isSmallEnough(input: Input, { width, height, isProgressive }: Metadata): boolean {
  return width * height <= mostInputPixels(input, isProgressive);
}

/** In other formats, EXIF is an embedded TIFF after an identifier. */
function exifOf(metadata: Metadata | undefined): Directory | undefined {
  const exif = metadata?.exif;
  if (!exif) return undefined;
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  return TiffFile.open({ read: (position, length) => tiff.subarray(position, position + length) });
}
