import { drawMountains } from './mountains';
import type { Raster } from './raster';

export function drawGoldenHour(): Raster {
  return drawMountains({
    width: 1200,
    height: 800,
    seed: 23,
    sky: {
      horizon: 0.5,
      stops: [
        [0, '#7a3b4e'],
        [0.35, '#c65b4b'],
        [0.65, '#f08d4c'],
        [1, '#ffd98a'],
      ],
      light: { x: 0.4, y: 0.27, radius: 0.06, disc: '#fff3c4', glow: '#ffb347', reach: 0.25 },
    },
    ranges: [
      [0, '#e58a55'],
      [0.4, '#b1503f'],
      [0.7, '#6b2b35'],
      [1, '#1f0d18'],
    ],
    mist: [
      [0, '#ffdf9e'],
      [0.5, '#f3a765'],
      [1, '#a9504a'],
    ],
    layers: 9,
    foreground: 0,
    base: 0.92,
  });
}
