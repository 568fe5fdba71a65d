import { gradient, hex, mix, screen } from './color';
import { fbm } from './noise';
import { createRaster, type Raster, shade } from './raster';
import { paintRidge } from './ridge';
import { clamp, smoothstep } from './scalar';
import { paintSky } from './sky';
import { paintStars } from './stars';

const GALAXY = gradient([
  [0, '#1b2552'],
  [0.4, '#5a4a8c'],
  [0.7, '#c98fa8'],
  [1, '#ffe9cf'],
]);

export function drawNightSky(): Raster {
  const raster = createRaster(1280, 853);
  paintSky(raster, {
    horizon: 0.95,
    stops: [
      [0, '#04061a'],
      [0.5, '#0b1236'],
      [0.8, '#1f2a5c'],
      [1, '#5b4a7a'],
    ],
  });
  paintGalaxy(raster);
  paintStars(raster, {
    seed: 29,
    count: 9000,
    horizon: 0.92,
    density: (x, y) => 0.1 + 0.7 * band(x / raster.height, y / raster.height),
  });
  paintGround(raster);
  return raster;
}

function paintGalaxy(raster: Raster): void {
  shade(raster, (column, row, sky) => {
    const [x, y] = [column / raster.height, row / raster.height];
    const clouds = fbm(x * 3.5, y * 3.5, 61, 7);
    const bright = clamp(band(x, y) * (0.46 + clouds * 0.92));
    const dust = smoothstep(0.02, 0.5, fbm(x * 4 + clouds, y * 4, 90, 7) + 0.3 * core(x, y) - 0.05);
    const glow = screen(sky, GALAXY(bright), bright * 0.95);
    return mix(glow, sky, dust * 0.8 * band(x, y));
  });
}

/** The plane of the galaxy, rising from the lower left. */
function band(x: number, y: number): number {
  return Math.exp(-((distanceFromPlane(x, y) / 0.2) ** 2));
}

function core(x: number, y: number): number {
  return Math.exp(-((distanceFromPlane(x, y) / 0.06) ** 2));
}

function distanceFromPlane(x: number, y: number): number {
  const bend = 0.05 * Math.sin(x * 3);
  return (x - 0.72) * 0.8 + (y - 0.45) * 0.6 + bend;
}

function paintGround(raster: Raster): void {
  const haze = hex('#3a3a6b');
  const near = hex('#03040d');
  const ridge = { frequency: 1.3, mistDepth: 0.3, clearing: false };
  paintRidge(raster, {
    ...ridge,
    seed: 77,
    crest: 0.93,
    relief: 0.2,
    color: hex('#151a3d'),
    mist: haze,
    trees: 0,
  });
  paintRidge(raster, { ...ridge, seed: 78, crest: 1, relief: 0.1, color: near, mist: near, trees: 0.12 });
}
