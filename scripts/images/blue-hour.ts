import { hex } from './color';
import { drawMountains } from './mountains';
import type { Raster } from './raster';

export function drawBlueHour(): Raster {
  return drawMountains({
    width: 1400,
    height: 930,
    seed: 42,
    sky: {
      horizon: 0.55,
      stops: [
        [0, '#071a3d'],
        [0.4, '#123a75'],
        [0.75, '#3f78b5'],
        [0.92, '#9cc0dd'],
        [1, '#d5dfe4'],
      ],
      light: { x: 0.27, y: 0.22, radius: 0.026, disc: '#fdf8e6', glow: '#9fc4ff', reach: 0.09 },
    },
    stars: { seed: 3, count: 420, horizon: 0.45 },
    ranges: [
      [0, '#7ea6cf'],
      [0.35, '#4a79ae'],
      [0.7, '#1b3f70'],
      [1, '#04102a'],
    ],
    mist: [
      [0, '#d3e2ee'],
      [0.6, '#8fb4d8'],
      [1, '#4f7db0'],
    ],
    layers: 8,
    foreground: 1,
    base: 0.8,
    lake: { shore: 0.78, tint: hex('#0a2450'), stretch: 3.4, seed: 14 },
  });
}
