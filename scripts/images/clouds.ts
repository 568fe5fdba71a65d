import { type Color, mix } from './color';
import { fbm } from './noise';
import { shade, type Raster } from './raster';
import { smoothstep } from './scalar';

export interface Clouds {
  readonly seed: number;
  readonly horizon: number;
  readonly color: Color;
  readonly density: number;
}

/** High, streaky clouds on a plane above the viewer. */
export function paintClouds(raster: Raster, { seed, horizon, color, density }: Clouds): void {
  const { width, height } = raster;

  shade(raster, (x, y, sky) => {
    const rise = horizon - y / height;
    if (rise <= 0) return sky;
    const distance = 1 / (rise + 0.12);
    const across = ((x - width / 2) / height) * distance;
    const drift = fbm(across * 0.4, distance * 0.5, seed + 40, 3);
    const cloud = fbm(across * 0.5 + drift, distance * 1.6 + drift * 0.6, seed, 6);
    return mix(sky, color, smoothstep(-0.02, 0.55, cloud) * density);
  });
}
