import OpenSeadragon from 'openseadragon';

export interface Zoom {
  by(factor: number): void;
  readonly isFit: boolean;
  close(): void;
}

/** Shows an original in `host`, to be zoomed and moved with wheel, fingers and keys. */
export function openZoom(host: HTMLElement, url: string, onReady: () => void, onFailed: () => void): Zoom {
  const isTouch = matchMedia('(pointer: coarse)').matches;
  const viewer = new OpenSeadragon.Viewer({
    element: host,
    tileSources: { type: 'image', url },
    showNavigationControl: false,
    showNavigator: false,
    animationTime: 0.3,
    maxZoomPixelRatio: 4,
    visibilityRatio: 0.8,
    // WebGL runs out of memory on phones.
    drawer: isTouch ? 'canvas' : ['webgl', 'canvas'],
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
  } as OpenSeadragon.Options);
  viewer.addHandler('open', () => onReady());
  viewer.addHandler('open-failed', () => onFailed());
  return {
    by(factor) {
      viewer.viewport.zoomBy(factor);
      viewer.viewport.applyConstraints();
    },
    get isFit() {
      return viewer.viewport.getZoom() <= viewer.viewport.getHomeZoom() * 1.01;
    },
    close: () => viewer.destroy(),
  };
}
