import type { Part, Region, Size } from '../part';

/** The size of a page of a pyramid: libvips drops what is left over when it halves a side. */
export function levelSize({ width, height }: Size, level: number): Size {
  return { width: Math.max(1, width >> level), height: Math.max(1, height >> level) };
}

/** Whether the first pixel across and down, upright, is the last one as stored. */
export interface Ends {
  readonly across: boolean;
  readonly down: boolean;
}

/** The smallest page that has enough pixels for a part. */
export function levelFor(part: Part, levels: number, ends: Ends): number {
  const { region, width, height } = part;
  let level = 0;
  const hasEnough = (scale: number) =>
    Math.ceil(region.width / scale) >= width && Math.ceil(region.height / scale) >= height;
  while (level + 1 < levels && hasEnough(2 ** (level + 1))) level++;
  // No tile begins at a whole pixel of that page: rounding in the larger one before it does less harm.
  const { across, down } = droppedFrom(part.source, level, ends);
  return across > 0 || down > 0 ? level - 1 : level;
}

/** Pixels of the image that are missing in a page before its first one, upright. */
function droppedFrom({ width, height }: Size, level: number, ends: Ends) {
  const scale = 2 ** level;
  return { across: ends.across ? width % scale : 0, down: ends.down ? height % scale : 0 };
}

/** A region of a page, and how many rows and columns it lacks at its end to be exactly the part. */
export interface Cut {
  readonly region: Region;
  readonly missing: Size;
}

/** Where a part is in a page, which has the size `size`, upright. */
export function cutOf({ source, region, width, height }: Part, level: number, size: Size, ends: Ends): Cut {
  const scale = 2 ** level;
  const dropped = droppedFrom(source, level, ends);
  const [left, top] = [region.left - dropped.across, region.top - dropped.down];
  const across = spanOf(left / scale, (left + region.width) / scale, width, size.width);
  const down = spanOf(top / scale, (top + region.height) / scale, height, size.height);
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
  const start = Math.min(Math.max(0, Math.round(from)), size - 1);
  const end = Math.max(start + 1, isExact ? Math.ceil(to) : Math.round(to));
  const length = Math.min(end, size) - start;
  return { start, length, missing: isExact ? wanted - length : 0 };
}
