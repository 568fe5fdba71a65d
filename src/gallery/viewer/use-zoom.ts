import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api, ImageInfo } from '../api';
import { previewOf } from './picture';
import { isCommon, tilesOf, waitForTiles } from './tiles';
import type * as Zooms from './zoom';

export interface ZoomState {
  /** Whether it was requested, and whether it is on the screen. */
  readonly isOpen: boolean;
  readonly isShown: boolean;
  /** Whether there are tiles of the image, even if there is no preview. */
  readonly hasTiles: boolean;
  by(factor: number): void;
  pan(x: number, y: number): void;
  fit(): void;
}

/** The factor of one step. */
export const STEP = 1.6;

const UNREADABLE = 'This browser can’t show the original. You can download it.';

interface ZoomOptions {
  readonly api: Api;
  readonly image: ImageInfo;
  readonly stage: { readonly current: HTMLElement | null };
  /** The URL of the zoom script. */
  readonly program: string;
  say(message: string): void;
}

/** Zooming into the original, or into its tiles if it is large or the browser can't decode it. Loaded on first use. */
export function useZoom({ api, image, stage, program, say }: ZoomOptions): ZoomState {
  const [isOpen, setOpen] = useState(false);
  const [isShown, setShown] = useState(false);
  const zoom = useRef<Zooms.Zoom>(undefined);
  const host = useRef<HTMLElement>(undefined);
  const tiles = tilesOf(api, image);
  const close = () => {
    zoom.current?.close();
    host.current?.remove();
    zoom.current = host.current = undefined;
    setOpen(false);
    setShown(false);
  };
  useEffect(() => close, [image.name, image.version]);
  const open = async (factor: number) => {
    if (host.current || image.isGone || !stage.current) return;
    if (image.facts?.canRender === false && !tiles) return;
    const made = document.createElement('div');
    made.className = 'zoom';
    host.current = made;
    stage.current.prepend(made);
    setOpen(true);
    const failed = (message: string) => {
      if (host.current !== made) return;
      close();
      say(message);
    };
    try {
      const isWanted = () => host.current === made;
      const [{ openZoom }, hasTiles] = await Promise.all([
        import(program) as Promise<typeof Zooms>,
        tiles && waitForTiles(tiles, isWanted, () => say('The server is preparing this large image…')),
      ]);
      if (!isWanted()) return;
      const show = (source: Zooms.Source) => {
        zoom.current?.close();
        const opened = openZoom(made, source, factor, {
          onReady: () => setShown(true),
          onFailed: () => {
            // Several tiles may fail together.
            if (zoom.current !== opened) return;
            if ('url' in source) failed(UNREADABLE);
            else show(original);
          },
          onFit: () => host.current === made && close(),
        });
        zoom.current = opened;
      };
      const original = { url: isCommon(image) ? api.original(image.name) : previewOf(api, image) };
      show(tiles && hasTiles ? tiles : original);
    } catch {
      failed('The server does not answer: the image can’t be zoomed now.');
    }
  };
  return {
    isOpen,
    isShown,
    hasTiles: tiles !== undefined,
    by(factor) {
      if (zoom.current) zoom.current.by(factor);
      else if (factor > 1) void open(factor);
    },
    pan: (x, y) => zoom.current?.pan(x, y),
    fit: close,
  };
}
