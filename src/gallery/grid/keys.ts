import { neighbour, type Layout } from './layout';

/** What keys do in the grid. `isRange`: with Shift. */
export interface KeyEvents {
  open(): void;
  toggle(isRange: boolean): void;
  selectAll(): void;
  /** False if the key moves nothing. */
  move(key: string, isRange: boolean): boolean;
  /** Gives the focus to the image that Tab would reach. False if there is none. */
  enter(): boolean;
}

/**
 * Keys in `box`; while nothing on the page has the focus, an arrow key gives it to an image. Returns a function that removes
 * the handlers.
 */
export function watchKeys(box: HTMLElement, { open, toggle, selectAll, move, enter }: KeyEvents): () => void {
  const over = new AbortController();
  const onKey = (event: KeyboardEvent) => {
    const { key, shiftKey } = event;
    if (event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (key !== 'a') return;
      selectAll();
    } else if (event.target === document.body) {
      if (!key.startsWith('Arrow') || !enter()) return;
    } else if (key === 'Enter') open();
    else if (key === ' ') toggle(shiftKey);
    else if (!move(key, shiftKey)) return;
    event.preventDefault();
  };
  const isCovered = () => box.closest('[inert]') !== null || document.querySelector('dialog[open]') !== null;
  const { signal } = over;
  box.addEventListener('keydown', onKey, { signal });
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.target === document.body && !isCovered()) onKey(event);
    },
    { signal },
  );
  return () => over.abort();
}

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
