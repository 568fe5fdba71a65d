import OpenSeadragon from 'openseadragon';
import type { Tiles } from './tiles';

export interface ZoomEvents {
  onReady(): void;
  onFailed(): void;
  /** Called when the image has been zoomed out until it fits the screen. */
  onFit(): void;
}

export interface Zoom {
  by(factor: number): void;
  /** Moves by a fraction of the visible area. */
  pan(x: number, y: number): void;
  close(): void;
}

/** What is shown: a whole image, or the tiles of one. */
export type Source = { readonly url: string } | Tiles;

const PIXELS_PER_PIXEL = 4;
/** Each side of a tile. */
const TILE = 512;
/** Of a tile that the server was too busy to send. */
const RETRIES = 3;
const RETRY_MS = 1000;

/** Shows an image in `host`, to zoom and pan with wheel, touch and keys. Starts at `factor` times the size that fits. */
export function openZoom(host: HTMLElement, source: Source, factor: number, events: ZoomEvents): Zoom {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  leaveStyleOut();
  const viewer = new OpenSeadragon.Viewer({
    element: host,
    tileSources: 'url' in source ? { type: 'image', url: source.url } : levelsOf(source),
    tileRetryMax: RETRIES,
    tileRetryDelay: RETRY_MS,
    showNavigationControl: false,
    showNavigator: false,
    animationTime: isStill ? 0 : 0.3,
    maxZoomPixelRatio: PIXELS_PER_PIXEL,
    minZoomImageRatio: 1,
    visibilityRatio: 1,
    constrainDuringPan: true,
    // The page handles keys and focus order itself.
    tabIndex: -1,
    // WebGL runs out of memory on phones, gains nothing for one image, and does not say when it has drawn.
    drawer: 'canvas',
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  } as unknown as OpenSeadragon.Options);
  const isFit = () => viewer.viewport.getZoom() <= viewer.viewport.getHomeZoom() * 1.01;
  let wasLarger = false;
  viewer.addHandler('canvas-key', (event) => {
    event.preventDefaultAction = true;
  });
  viewer.addHandler('open', () => {
    viewer.viewport.zoomTo(viewer.viewport.getHomeZoom() * factor, undefined, true);
    viewer.viewport.applyConstraints(true);
  });
  // Before that, nothing is on the screen.
  let isDrawn = false;
  viewer.addOnceHandler('tile-drawn', () => {
    isDrawn = true;
    events.onReady();
  });
  viewer.addHandler('tile-load-failed', () => {
    // It is still in the middle of loading.
    if (!isDrawn) setTimeout(() => events.onFailed());
  });
  viewer.addHandler('open-failed', () => events.onFailed());
  viewer.addHandler('animation-finish', () => {
    if (!isFit()) wasLarger = true;
    // It is still in the middle of a frame.
    else if (wasLarger) setTimeout(() => events.onFit());
  });
  return {
    by(times) {
      viewer.viewport.zoomBy(times);
      viewer.viewport.applyConstraints();
    },
    pan(x, y) {
      const { width, height } = viewer.viewport.getBounds();
      viewer.viewport.panBy(new OpenSeadragon.Point(x * width, y * height));
      viewer.viewport.applyConstraints();
    },
    close: () => viewer.destroy(),
  };
}

/** From the size that fits into one tile up to the whole image. */
function levelsOf({ width, height, tile }: Tiles) {
  const maxLevel = Math.ceil(Math.log2(Math.max(width, height)));
  const minLevel = Math.min(maxLevel, Math.log2(TILE));
  const getTileUrl = (level: number, column: number, row: number) =>
    tile(2 ** (maxLevel - level), column, row);
  return { width, height, tileSize: TILE, tileOverlap: 0, minLevel, maxLevel, getTileUrl };
}

/**
 * OpenSeadragon would add a style element, which the page's policy forbids, unless it finds its own. This one is not HTML,
 * so it has no effect.
 */
function leaveStyleOut(): void {
  const mark = 'data-openseadragon-mobile-css';
  if (document.querySelector(`style[${mark}]`)) return;
  const element = document.createElementNS(null, 'style');
  element.setAttribute(mark, '');
  document.head.append(element);
}
