import OpenSeadragon from 'openseadragon';

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

const PIXELS_PER_PIXEL = 4;

/** Shows an image in `host`, to zoom and pan with wheel, touch and keys. Starts at `factor` times the size that fits. */
export function openZoom(host: HTMLElement, url: string, factor: number, events: ZoomEvents): Zoom {
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  leaveStyleOut();
  const viewer = new OpenSeadragon.Viewer({
    element: host,
    tileSources: { type: 'image', url },
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
  viewer.addOnceHandler('tile-drawn', () => events.onReady());
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
