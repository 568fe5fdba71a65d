import type { Part, Region, Size } from '../part';

/** The size of a page of a pyramid: libvips drops what is left over when it halves a side. */
export function levelSize({ width, height }: Size, level: number): Size {
  return { width: Math.max(1, width >> level), height: Math.max(1, height >> level) };
}

/** The smallest page that has enough pixels for a part. */
export function levelFor({ region, width, height }: Part, levels: number): number {
  let level = 0;
  const hasEnough = (scale: number) =>
    Math.ceil(region.width / scale) >= width && Math.ceil(region.height / scale) >= height;
  while (level + 1 < levels && hasEnough(2 ** (level + 1))) level++;
  return level;
}

/** A region of a page, and how many rows and columns it lacks at its end to be exactly the part. */
export interface Cut {
  readonly region: Region;
  readonly missing: Size;
}

/** Where a part is in a page, which has the size `size`, upright. */
export function cutOf({ region, width, height }: Part, level: number, size: Size): Cut {
  const scale = 2 ** level;
  const across = spanOf(region.left / scale, (region.left + region.width) / scale, width, size.width);
  const down = spanOf(region.top / scale, (region.top + region.height) / scale, height, size.height);
  return {
    region: { left: across.start, top: down.start, width: across.length, height: down.length },
    missing: { width: across.missing, height: down.missing },
  };
}

/**
 * A tile begins at a whole pixel of its page and takes each pixel as it is. The last pixel of an image may stand for what
 * libvips has dropped: then it is missing. Anything else is rounded, and has to be scaled.
 */
function spanOf(from: number, to: number, wanted: number, size: number) {
  const isExact = Number.isInteger(from) && Math.ceil(to) - from === wanted;
  const start = Math.min(Math.round(from), size - 1);
  const end = Math.max(start + 1, isExact ? Math.ceil(to) : Math.round(to));
  const length = Math.min(end, size) - start;
  return { start, length, missing: isExact ? wanted - length : 0 };
}
