import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api, ImageInfo } from '../api';
import { previewOf } from './picture';
import type * as Zooms from './zoom';

export interface ZoomState {
  /** Whether it was requested, and whether it is on the screen. */
  readonly isOpen: boolean;
  readonly isShown: boolean;
  by(factor: number): void;
  pan(x: number, y: number): void;
  fit(): void;
}

/** Formats that all browsers decode; for others, the preview is zoomed. */
const COMMON = new Set(['jpeg', 'png', 'webp', 'gif', 'avif', 'svg']);
/** The factor of one step. */
export const STEP = 1.6;

interface ZoomOptions {
  readonly api: Api;
  readonly image: ImageInfo;
  readonly stage: { readonly current: HTMLElement | null };
  /** The URL of the zoom script. */
  readonly program: string;
  say(message: string): void;
}

/** Zooming into the original, which is loaded on first use. */
export function useZoom({ api, image, stage, program, say }: ZoomOptions): ZoomState {
  const [isOpen, setOpen] = useState(false);
  const [isShown, setShown] = useState(false);
  const zoom = useRef<Zooms.Zoom>(undefined);
  const host = useRef<HTMLElement>(undefined);
  const close = () => {
    zoom.current?.close();
    host.current?.remove();
    zoom.current = host.current = undefined;
    setOpen(false);
    setShown(false);
  };
  useEffect(() => close, [image.name, image.version]);
  const open = async (factor: number) => {
    if (host.current || image.isGone || image.facts?.canRender === false || !stage.current) return;
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
      const { openZoom } = (await import(program)) as typeof Zooms;
      if (host.current !== made) return;
      const isCommon = image.facts === undefined || COMMON.has(image.facts.format);
      const url = isCommon ? api.original(image.name) : previewOf(api, image);
      zoom.current = openZoom(made, url, factor, {
        onReady: () => setShown(true),
        onFailed: () => failed('This browser can’t show the original. You can download it.'),
        onFit: () => host.current === made && close(),
      });
    } catch {
      failed('The server does not answer: the image can’t be zoomed now.');
    }
  };
  return {
    isOpen,
    isShown,
    by(factor) {
      if (zoom.current) zoom.current.by(factor);
      else if (factor > 1) void open(factor);
    },
    pan: (x, y) => zoom.current?.pan(x, y),
    fit: close,
  };
}
