/** What clicks and touches on an image of the grid do. */
export interface HandEvents {
  open(index: number): void;
  toggle(index: number, isRange: boolean): void;
  /** Whether anything is selected: then a tap selects more. */
  isSelecting(): boolean;
}

/** Milliseconds of a long press that selects an image. */
const LONG = 450;
/** Pixels that the finger may move meanwhile. */
const STILL = 10;
/** The corner of an image in which the check mark is. */
const CORNER = 44;

/** Clicks, taps and long presses on the images in `box`. Returns a function that removes the handlers. */
export function watchHands(box: HTMLElement, events: HandEvents): () => void {
  const over = new AbortController();
  const listen = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ) => box.addEventListener(type, listener, { signal: over.signal });
  let press: { readonly x: number; readonly y: number; timer: ReturnType<typeof setTimeout> } | undefined;
  let isLong = false;
  let isTouch = false;
  const release = () => {
    clearTimeout(press?.timer);
    press = undefined;
  };
  listen('pointerdown', ({ pointerType, target, clientX: x, clientY: y }) => {
    isTouch = pointerType === 'touch';
    isLong = false;
    const index = indexOf(target);
    if (!isTouch || index === undefined) return;
    const select = () => {
      isLong = true;
      events.toggle(index, false);
    };
    press = { x, y, timer: setTimeout(select, LONG) };
  });
  listen('pointermove', ({ clientX, clientY }) => {
    if (press && Math.hypot(clientX - press.x, clientY - press.y) > STILL) release();
  });
  listen('pointerup', release);
  listen('pointercancel', release);
  listen('contextmenu', (event) => {
    if (isTouch) event.preventDefault();
  });
  listen('click', (event) => {
    const index = indexOf(event.target);
    if (index === undefined || isLong) return;
    const isToggle = isTouch ? events.isSelecting() : isOnCheck(event);
    if (isToggle || event.shiftKey || event.ctrlKey || event.metaKey) events.toggle(index, event.shiftKey);
    else events.open(index);
  });
  return () => {
    release();
    over.abort();
  };
}

export function indexOf(target: EventTarget | null): number | undefined {
  const cell = (target as Element | null)?.closest('.cell');
  return cell ? Number(cell.id.slice('cell-'.length)) : undefined;
}

function isOnCheck({ target, clientX, clientY }: MouseEvent): boolean {
  const { left, top } = (target as Element).closest('.cell')!.getBoundingClientRect();
  return clientX - left < CORNER && clientY - top < CORNER;
}
