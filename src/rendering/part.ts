import { UsageError } from '../errors';
import { MOST_PIXELS_A_SIDE } from './recipe';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** A rectangle of an image, scaled to exactly `width` × `height`. All numbers are pixels of the upright image. */
export interface Part extends Size {
  /** The size of the whole image. */
  readonly source: Size;
  readonly region: Region;
  /** PNG is without loss. */
  readonly format: 'webp' | 'jpeg' | 'png';
}

/** From this size on, parts are cut from a pyramid: each would need the whole image to be decoded. */
export const LARGE_PIXELS = 16_000_000;

/** Increase it with every change that makes the same part give different bytes. */
const REVISION = 1;

export function isLarge({ source }: Part, above = LARGE_PIXELS): boolean {
  return source.width * source.height > above;
}

export function checkPart({ source, region, width, height }: Part): void {
  if (![width, height].every((side) => isWhole(side, 1, MOST_PIXELS_A_SIDE)))
    throw new UsageError(`Each side of a part must have 1 to ${MOST_PIXELS_A_SIDE} pixels.`);
  const isInside =
    isWhole(region.left, 0, source.width - 1) &&
    isWhole(region.top, 0, source.height - 1) &&
    isWhole(region.width, 1, source.width - region.left) &&
    isWhole(region.height, 1, source.height - region.top);
  if (!isInside) throw new UsageError('The region is not inside the image.');
}

/** Parts of an image that give equal bytes have equal descriptions. */
export function describePart({ region, width, height, format }: Part): string {
  const { left, top } = region;
  return `part r${REVISION} ${left},${top},${region.width},${region.height} ${width}x${height} ${format}`;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
