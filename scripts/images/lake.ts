import { type Color, mix } from './color';
import { fbm } from './noise';
import { getPixel, shade, type Raster } from './raster';
import { clamp, smoothstep } from './scalar';

export interface Lake {
  readonly shore: number;
  readonly tint: Color;
  /** How far up the reflection reaches; 1 for a mirror. */
  readonly stretch: number;
  readonly seed: number;
}

/** Mirrors what is above the shore, broken up by ripples that grow towards the viewer. */
export function paintLake(raster: Raster, lake: Lake): void {
  const { height } = raster;
  const shore = Math.round(lake.shore * height);

  shade(raster, (x, y, color) => {
    if (y < shore) return color;
    const distance = (y - shore) / (height - shore);
    const perspective = 1 / (distance + 0.03);
    const ripple = fbm((x / height) * 4 * Math.sqrt(perspective), perspective * 9, lake.seed, 3);
    const source = shore - (y - shore) * lake.stretch + ripple * height * 0.075 * distance;
    const swing = ripple * height * 0.012 * (0.3 + distance);
    const mirrored = sample(raster, x + swing, Math.min(source, shore - 1));
    const depth = 0.1 + 0.42 * smoothstep(0, 1, distance) - ripple * 0.12;
    return mix(mirrored, lake.tint, clamp(depth));
  });
}

function sample(raster: Raster, x: number, y: number): Color {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const upper = mix(getPixel(raster, left, top), getPixel(raster, left + 1, top), x - left);
  const lower = mix(getPixel(raster, left, top + 1), getPixel(raster, left + 1, top + 1), x - left);
  return mix(upper, lower, y - top);
}
