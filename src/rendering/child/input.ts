import type { Metadata, Sharp as Image, SharpOptions } from 'sharp';
import type { Answer, Loaders } from '../wire/messages';
import { FORMATS, type Sharp } from './decoder';
import { formatOf } from './format';
import type { ImageFile } from './image-file';
import { isRaw } from './raw';
import { type Directory, TiffFile } from './tiff';

/** The source of an SVG: a program that draws. A picture in one is rarely larger. */
export const MOST_SVG_BYTES = 8 * 1_048_576;

/** A file, and what its first bytes tell. */
export interface Input {
  readonly file: ImageFile;
  readonly format: string;
  /** The first directory, where it is a TIFF or a relative of one. */
  readonly directory: Directory | undefined;
}

export function openInput(file: ImageFile): Input {
  const format = formatOf(file.head);
  const directory = format === 'tiff' || format === 'raw' ? TiffFile.open(file) : undefined;
  const isSensor = format === 'tiff' && directory !== undefined && isRaw(directory, file);
  return { file, format: isSensor ? 'raw' : format, directory };
}

/** The loaders that read it, if any do. */
export function loadersFor({ format, file }: Input): Loaders | undefined {
  if (FORMATS.raster.includes(format)) return 'raster';
  return FORMATS.svg.includes(format) && file.size <= MOST_SVG_BYTES ? 'svg' : undefined;
}

/**
 * Where it is damaged, part of it would be gray: `failOn` lets pass what only a strict reader minds. An SVG comes as
 * bytes, for what is read by its path may read its neighbors, too.
 */
export function openImage(sharp: Sharp, { format, file }: Input, options: SharpOptions): Image {
  const source = format === 'svg' ? file.read(0, file.size) : file.path;
  return sharp(source, { failOn: 'error', limitInputChannels: 5, ...options });
}

/** What the message of a library says, in one line, without the path that means nothing to anybody. */
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

/** As oriented; of pages the first. */
export function sizeOf({ autoOrient }: Metadata): { readonly width: number; readonly height: number } {
  return { width: autoOrient.width, height: autoOrient.height };
}
