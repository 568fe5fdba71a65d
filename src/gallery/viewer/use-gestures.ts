import { useRef } from 'preact/hooks';

interface GestureEvents {
  readonly isZoomed: boolean;
  step(by: -1 | 1): void;
  close(): void;
  /** A pinch that enlarges the image by this factor. */
  zoom(factor: number): void;
}

/** Pixels that a finger must move to change the image or close the viewer. */
const SWIPE = 60;
/** Smaller pinches are ignored. */
const LEAST_ZOOM = 1.15;
/** Milliseconds between the taps of a double tap, and pixels. */
const [DOUBLE, NEAR] = [300, 30];

interface Touch {
  readonly x: number;
  readonly y: number;
  readonly spread: number;
  readonly fingers: number;
}

/**
 * Touch gestures on the image: swiping sideways changes the image, swiping down closes the viewer, pinching zooms. Once the
 * zoom viewer is open, it handles touch itself.
 */
export function useGestures(events: GestureEvents) {
  const start = useRef<Touch>(undefined);
  const tap = useRef({ at: 0, x: 0, y: 0 });
  const move = useRef<{ x: number; y: number; scale: number }>(undefined);

  const onTouchStart = (event: TouchEvent) => {
    if (events.isZoomed) return;
    start.current = touchOf(event);
    move.current = undefined;
  };
  const onTouchMove = (event: TouchEvent) => {
    const from = start.current;
    if (!from || events.isZoomed) return;
    const to = touchOf(event);
    const picture = pictureIn(event);
    if (from.fingers === 1) {
      const [x, y] = [to.x - from.x, Math.max(0, to.y - from.y)];
      const isSideways = Math.abs(x) > y;
      move.current = isSideways ? { x, y: 0, scale: 1 } : { x: 0, y, scale: 1 };
    } else if (to.fingers === 2 && from.spread > 0)
      move.current = { x: 0, y: 0, scale: Math.max(1, to.spread / from.spread) };
    const { x, y, scale } = move.current ?? { x: 0, y: 0, scale: 1 };
    if (picture) picture.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  };
  const onTouchEnd = (event: TouchEvent) => {
    const [from, moved] = [start.current, move.current];
    if (!from || event.touches.length > 0) return;
    start.current = move.current = undefined;
    const picture = pictureIn(event);
    if (picture) picture.style.transform = '';
    if (events.isZoomed) return;
    if (!moved) return onTap(event, from);
    if (moved.scale > LEAST_ZOOM) events.zoom(moved.scale);
    else if (Math.abs(moved.x) > SWIPE) events.step(moved.x < 0 ? 1 : -1);
    else if (moved.y > SWIPE) events.close();
  };
  const onTap = (event: TouchEvent, { x, y }: Touch) => {
    const last = tap.current;
    const isDouble = event.timeStamp - last.at < DOUBLE && Math.hypot(x - last.x, y - last.y) < NEAR;
    tap.current = { at: isDouble ? 0 : event.timeStamp, x, y };
    if (isDouble) events.zoom(2);
  };
  const onTouchCancel = (event: TouchEvent) => {
    start.current = move.current = undefined;
    const picture = pictureIn(event);
    if (picture) picture.style.transform = '';
  };
  return { onTouchStart, onTouchMove, onTouchEnd, onTouchCancel };
}

function touchOf({ touches }: TouchEvent): Touch {
  const [one, two] = [touches[0]!, touches[1]];
  const spread = two ? Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY) : 0;
  return { x: one.clientX, y: one.clientY, spread, fingers: touches.length };
}

function pictureIn({ currentTarget }: TouchEvent): HTMLElement | null {
  return (currentTarget as HTMLElement).querySelector('.picture');
}
