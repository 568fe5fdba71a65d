import type { Metadata, Sharp as Image, SharpOptions } from 'sharp';
import type { Answer, Loaders } from '../wire/messages';
import { FORMATS, type Sharp } from './decoder';
import { formatOf } from './format';
import type { ImageFile } from './image-file';
import { isRaw } from './raw';
import { type Directory, TiffFile } from './tiff';

/** Maximum size of an SVG file. Even one with an embedded picture is rarely larger. */
export const MOST_SVG_BYTES = 8 * 1_048_576;

/** A file, and what its first bytes reveal. */
export interface Input {
  readonly file: ImageFile;
  readonly format: string;
  /** The first directory, if it is a TIFF or a related format. */
  readonly directory: Directory | undefined;
}

export function openInput(file: ImageFile): Input {
  const format = formatOf(file.head);
  const directory = format === 'tiff' || format === 'raw' ? TiffFile.open(file) : undefined;
  const isSensor = format === 'tiff' && directory !== undefined && isRaw(directory, file);
  return { file, format: isSensor ? 'raw' : format, directory };
}

/** The loaders that can read it, if any. */
export function loadersFor({ format, file }: Input): Loaders | undefined {
  if (FORMATS.raster.includes(format)) return 'raster';
  return FORMATS.svg.includes(format) && file.size <= MOST_SVG_BYTES ? 'svg' : undefined;
}

/**
 * `failOn: 'error'` rejects damaged images, of which a part would be gray, and accepts harmless deviations. An SVG is
 * passed as bytes, because one loaded by path may also read files next to it.
 */
export function openImage(sharp: Sharp, { format, file }: Input, options: SharpOptions): Image {
  const source = format === 'svg' ? file.read(0, file.size) : file.path;
  return sharp(source, { failOn: 'error', limitInputChannels: 5, ...options });
}

/** The message of a library, in one line, without the path, which means nothing to users. */
export function sayWhy(error: unknown, { path }: { readonly path: string }): string {
  const said = error instanceof Error ? error.message : String(error);
  return said
    .replaceAll(path, 'the image')
    .split('\n')[0]!
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 200);
}

export function refuse(message: string): Answer {
  return { kind: 'refused', code: 'NOT_RENDERABLE', message };
}

/** The size of the first page, after EXIF orientation. */
export function sizeOf({ autoOrient }: Metadata): { readonly width: number; readonly height: number } {
  return { width: autoOrient.width, height: autoOrient.height };
}
