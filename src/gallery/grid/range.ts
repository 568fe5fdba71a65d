import { rowAt, type Layout } from './layout';

/** Cells on the page at most, unless more are on the screen: each is two nodes. */
const MOST_CELLS = 190;
/** Screens above and below that are prepared. */
const OVERSCAN = 1;

/** The images that belong on the page, and those of them that are on the screen: each from one place to before another. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly seenFrom: number;
  readonly seenTo: number;
}

/** Where `top` is at the top of a screen that is so high. All that is on the screen, and around it what there is room for. */
export function rangeAt(layout: Layout, top: number, screen: number): Range {
  const startOf = (y: number) => layout.first[rowAt(layout, y)]!;
  const endOf = (y: number) => layout.first[rowAt(layout, y) + 1]!;
  const [seenFrom, seenTo] = [startOf(top), endOf(top + screen)];
  const spare = Math.max(0, MOST_CELLS - (seenTo - seenFrom)) >> 1;
  return {
    from: Math.max(startOf(top - OVERSCAN * screen), seenFrom - spare),
    to: Math.min(endOf(top + (1 + OVERSCAN) * screen), seenTo + spare),
    seenFrom,
    seenTo,
  };
}
