import type sharpModule from 'sharp';
import type { Loaders } from '../wire/messages';

export type Sharp = typeof sharpModule;

/** Classes of loaders in libvips. All others stay blocked, such as those that run ImageMagick or read by a path. */
const CLASSES: Readonly<Record<Loaders, readonly string[]>> = {
  raster: ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'],
  svg: ['Svg'],
};

/** What each of them reads, as `formatOf` calls it. */
export const FORMATS: Readonly<Record<Loaders, readonly string[]>> = {
  raster: ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'],
  svg: ['svg'],
};

/** Loads sharp, which then reads what `loaders` says and nothing else, one image at a time. */
export function loadSharp(path: string, loaders: Loaders): Sharp {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- where it lies is known at run time only
  const sharp = require(path) as Sharp;
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: CLASSES[loaders].map((name) => `VipsForeignLoad${name}`) });
  return sharp;
}
