import { UsageError } from '../errors';

/** How an image is rendered: it fits into `width`, and is never enlarged. */
export interface Recipe {
  readonly width: number;
  readonly format: 'webp' | 'jpeg';
}

/** The longest side of any rendition. */
export const MOST_PIXELS_A_SIDE = 4096;

/** The widest rendition that comes with a thumbhash, which is made from the same pixels. */
const WIDEST_WITH_THUMBHASH = 320;

/** Increase it with every change that makes the same recipe give different bytes. */
const REVISION = 1;

export function checkRecipe({ width, format }: Recipe): void {
  if (!Number.isInteger(width) || width < 1 || width > MOST_PIXELS_A_SIDE)
    throw new UsageError(`A rendition must be 1 to ${MOST_PIXELS_A_SIDE} pixels wide, not ${width}.`);
  if (format !== 'webp' && format !== 'jpeg')
    throw new UsageError(`A rendition must be webp or jpeg, not ${String(format)}.`);
}

export function hasThumbhash({ width }: Recipe): boolean {
  return width <= WIDEST_WITH_THUMBHASH;
}

/** Recipes that give equal bytes have equal descriptions. */
export function describeRecipe({ width, format }: Recipe): string {
  return `r${REVISION} w${width} ${format}`;
}
