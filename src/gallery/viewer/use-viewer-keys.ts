import { useLayoutEffect, useRef } from 'preact/hooks';
import { STEP, type ZoomState } from './use-zoom';

interface ViewerKeys {
  readonly zoom: ZoomState;
  readonly root: { readonly current: HTMLElement | null };
  close(): void;
  step(by: -1 | 1): void;
  toggleSelected(): void;
  toggleDetails(): void;
}

/** The fraction of the screen by which an arrow key moves a zoomed image. */
const PAN = 0.2;
const PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-PAN, 0],
  ArrowRight: [PAN, 0],
  ArrowUp: [0, -PAN],
  ArrowDown: [0, PAN],
};

/** Keyboard shortcuts of the viewer. */
export function useViewerKeys(keys: ViewerKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  // Not after the next frame: a key pressed as soon as the viewer is seen would be lost.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (act(key, latest.current)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** False if the key has no function here. */
function act(key: string, { zoom, root, ...keys }: ViewerKeys): boolean {
  const pan = zoom.isOpen ? PANS[key] : undefined;
  if (pan) zoom.pan(...pan);
  else if (key === 'Escape') {
    if (zoom.isOpen) zoom.fit();
    else keys.close();
  } else if (key === 'ArrowLeft' || key === 'PageUp') keys.step(-1);
  else if (key === 'ArrowRight' || key === 'PageDown') keys.step(1);
  else if (key === '+' || key === '=') zoom.by(STEP);
  else if (key === '-') zoom.by(1 / STEP);
  else if (key === '0') zoom.fit();
  else if (key === 'i') keys.toggleDetails();
  else if (key === 'd') root.current?.querySelector<HTMLAnchorElement>('.download')?.click();
  else if (key === 'f') void toggleFullScreen(root.current);
  else if (key === ' ' && !isOnControl()) keys.toggleSelected();
  else return false;
  return true;
}

async function toggleFullScreen(root: HTMLElement | null): Promise<void> {
  // Some phones have no full screen.
  await (document.fullscreenElement ? document.exitFullscreen() : root?.requestFullscreen?.())?.catch(
    () => undefined,
  );
}

/** Space presses a button that has the focus. */
function isOnControl(): boolean {
  const { activeElement } = document;
  return activeElement instanceof HTMLButtonElement || activeElement instanceof HTMLAnchorElement;
}
