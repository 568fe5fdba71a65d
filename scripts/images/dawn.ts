import { hex } from './color';
import { drawMountains } from './mountains';
import type { Raster } from './raster';

export function drawDawn(): Raster {
  return drawMountains({
    width: 1600,
    height: 1000,
    seed: 11,
    sky: {
      horizon: 0.52,
      stops: [
        [0, '#2b3f73'],
        [0.3, '#6f6a9e'],
        [0.55, '#c98aa3'],
        [0.78, '#f6b48f'],
        [1, '#ffe3b0'],
      ],
      light: { x: 0.63, y: 0.325, radius: 0.036, disc: '#fff6dd', glow: '#ffb469', reach: 0.22 },
    },
    ranges: [
      [0, '#b58aa6'],
      [0.4, '#6d618f'],
      [0.7, '#34406b'],
      [1, '#0c1730'],
    ],
    mist: [
      [0, '#ffd7b4'],
      [0.5, '#e9b3b0'],
      [1, '#8d86a8'],
    ],
    layers: 7,
    foreground: 1,
    base: 0.76,
    lake: { shore: 0.74, tint: hex('#1d2b55'), stretch: 1.5, seed: 5 },
  });
}
