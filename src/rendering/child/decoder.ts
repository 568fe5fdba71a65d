import type sharpModule from 'sharp';
import type { Loaders } from '../wire/messages';

export type Sharp = typeof sharpModule;

/** Loader classes in libvips. All others stay blocked, such as those that run ImageMagick or read other files. */
const CLASSES: Readonly<Record<Loaders, readonly string[]>> = {
  raster: ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif'],
  svg: ['Svg'],
};

/** The formats that each of them reads, as `formatOf` names them. */
export const FORMATS: Readonly<Record<Loaders, readonly string[]>> = {
  raster: ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'],
  svg: ['svg'],
};

/** Loads sharp, which can then read only the formats of `loaders`, one image at a time. */
export function loadSharp(path: string, loaders: Loaders): Sharp {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- its path is only known at run time
  const sharp = require(path) as Sharp;
  sharp.concurrency(1);
  sharp.cache(false);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: CLASSES[loaders].map((name) => `VipsForeignLoad${name}`) });
  return sharp;
}
