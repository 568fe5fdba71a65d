import { neighbour, type Layout } from './layout';

/** The image that a key moves to from `index`, with this many rows per screen; undefined if the key does not move. */
export function keyTarget(key: string, index: number, layout: Layout, rows: number): number | undefined {
  const last = layout.row.length - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'ArrowRight':
      return Math.min(last, index + 1);
    case 'ArrowUp':
      return neighbour(layout, index, -1);
    case 'ArrowDown':
      return neighbour(layout, index, 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'PageUp':
      return byRows(layout, index, -Math.max(1, rows));
    case 'PageDown':
      return byRows(layout, index, Math.max(1, rows));
    default:
      return undefined;
  }
}

function byRows(layout: Layout, index: number, rows: number): number {
  let to = index;
  for (let i = 0; i < Math.abs(rows); i++) to = neighbour(layout, to, rows < 0 ? -1 : 1);
  return to;
}
