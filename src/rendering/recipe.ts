import { UsageError } from '../errors';

/** How an image is rendered: it fits into `width`, and is never enlarged. */
export interface Recipe {
  readonly width: number;
  readonly format: 'webp' | 'jpeg';
}

/** No side of a rendition is longer. */
export const MOST_PIXELS_A_SIDE = 4096;

/** The widest rendition that has a thumbhash: it is made from the pixels at hand, and tells nothing finer. */
const WIDEST_WITH_THUMBHASH = 320;

/** To be raised whenever the same recipe is to give other bytes than before. */
const REVISION = 1;

export function checkRecipe({ width, format }: Recipe): void {
  if (!Number.isInteger(width) || width < 1 || width > MOST_PIXELS_A_SIDE)
    throw new UsageError(
      `A rendition can't be ${width} pixels wide: 1 to ${MOST_PIXELS_A_SIDE} are possible.`,
    );
  if (format !== 'webp' && format !== 'jpeg')
    throw new UsageError(`A rendition is webp or jpeg, not ${String(format)}.`);
}

export function hasThumbhash({ width }: Recipe): boolean {
  return width <= WIDEST_WITH_THUMBHASH;
}

/** Equal for what gives equal bytes. */
export function describeRecipe({ width, format }: Recipe): string {
  return `r${REVISION} w${width} ${format}`;
}
