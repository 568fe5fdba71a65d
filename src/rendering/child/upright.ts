import type { Region, Size } from '../part';
import type { Ends } from './levels';

/** How stored pixels become upright: mirrored, then turned by 90 degrees to the right. */
export interface Turns {
  /** Top to bottom. */
  readonly flip: boolean;
  /** Left to right. */
  readonly flop: boolean;
  readonly turn: boolean;
}

/** By EXIF orientation, from 1 on. */
const TURNS: readonly Turns[] = (['', 'x', 'xy', 'y', 'yt', 't', 'xt', 'xyt'] as const).map((steps) => ({
  flip: steps.includes('y'),
  flop: steps.includes('x'),
  turn: steps.includes('t'),
}));

export function turnsOf(orientation: number): Turns {
  return TURNS[orientation - 1] ?? TURNS[0]!;
}

/** The size after the other of upright and stored. */
export function turned({ width, height }: Size, { turn }: Turns): Size {
  return turn ? { width: height, height: width } : { width, height };
}

/** Turning to the right brings the last row to the left. */
export function endsOf({ flip, flop, turn }: Turns): Ends {
  return turn ? { across: !flip, down: flop } : { across: flop, down: flip };
}

/** Where a region of the upright image is in the stored one, which has the size `stored`. */
export function storedRegion(region: Region, stored: Size, { flip, flop, turn }: Turns): Region {
  // Before the turn to the right, the top was on the left, and the right was at the top.
  const { left, top, width, height } = turn
    ? {
        left: region.top,
        top: stored.height - region.left - region.width,
        width: region.height,
        height: region.width,
      }
    : region;
  return {
    left: flop ? stored.width - left - width : left,
    top: flip ? stored.height - top - height : top,
    width,
    height,
  };
}
