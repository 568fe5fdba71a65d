import { type Color, gradient, hex, mix, scale } from './color';
import { type Lake, paintLake } from './lake';
import { paintClouds } from './clouds';
import { fbm } from './noise';
import { createRaster, downsample, type Raster, setPixel } from './raster';
import { clamp, lerp, smoothstep } from './scalar';
import { paintSky, type Sky } from './sky';
import { erodedNoise } from './terrain';

type Vector = readonly [number, number, number];

const SEED = 4;
const OVERSAMPLING = 2;
const HORIZON = 0.62;
const NEAREST = 3;
const FARTHEST = 16;
const CAMERA_HEIGHT = 0.35;
const FOCAL_LENGTH = 1.25;
const SUN = normalize([-0.75, 0.42, -0.1]);

const SKY: Sky = {
  horizon: HORIZON,
  stops: [
    [0, '#3a5fa3'],
    [0.45, '#89a5d3'],
    [0.8, '#e3cdd2'],
    [1, '#ffd9b8'],
  ],
};
const LAKE: Lake = { shore: 0.66, tint: hex('#1b4a63'), stretch: 1, seed: 9 };

const SUNLIGHT = hex('#ffc08c');
const SKYLIGHT = hex('#7c98d2');
const HAZE = hex('#d9d6e2');
const SNOW = hex('#ffffff');
const ROCK = gradient([
  [0, '#5d5552'],
  [0.5, '#7d7168'],
  [1, '#978878'],
]);
const FOREST = gradient([
  [0, '#1f3a34'],
  [0.6, '#37503a'],
  [1, '#6f7a4c'],
]);

/** A height field drawn column by column, from front to back. */
export function drawAlps(): Raster {
  const raster = createRaster(1400 * OVERSAMPLING, 900 * OVERSAMPLING);
  paintSky(raster, SKY);
  paintClouds(raster, { seed: SEED, horizon: HORIZON, color: hex('#fff1e6'), density: 0.8 });
  for (let x = 0; x < raster.width; x++) paintColumn(raster, x);
  paintLake(raster, LAKE);
  return downsample(raster, OVERSAMPLING);
}

function paintColumn(raster: Raster, x: number): void {
  const { width, height } = raster;
  const heading = (x - width / 2) / height / FOCAL_LENGTH;
  let top = Math.round(LAKE.shore * height);

  for (let distance = NEAREST; distance < FARTHEST; distance += distance * 0.0009) {
    const elevation = elevationAt(heading * distance, distance, 10);
    const rise = ((CAMERA_HEIGHT - elevation) / distance) * FOCAL_LENGTH;
    const row = Math.max(0, Math.floor((HORIZON + rise) * height));
    if (row >= top) continue;
    const color = colorAt(heading * distance, distance, elevation);
    for (let y = row; y < top; y++) setPixel(raster, x, y, color);
    top = row;
  }
}

function elevationAt(x: number, z: number, octaves: number): number {
  const shore = smoothstep(NEAREST, NEAREST + 5, z);
  const rise = smoothstep(NEAREST, NEAREST + 14, z);
  const valley = smoothstep(0, 5, Math.abs(x + 0.8));
  const peaks = erodedNoise(x * 0.3, z * 0.3, SEED, octaves);
  return peaks * lerp(0.5, 4.4, rise) * lerp(0.6, 1, valley) * shore - 0.12;
}

function colorAt(x: number, z: number, elevation: number): Color {
  const normal = normalAt(x, z);
  const light = Math.max(0, dot(normal, SUN)) * sunlitShare(x, z, elevation);
  const ambient = 0.35 + 0.35 * normal[1];
  const lit = combine(scale(SUNLIGHT, light * 1.15), scale(SKYLIGHT, ambient));
  const ground = groundAt(x, z, elevation, normal);
  const color: Color = [ground[0] * lit[0], ground[1] * lit[1], ground[2] * lit[2]];
  const haze = 1 - Math.exp(-((z - NEAREST) / 26) * (1.3 - clamp(elevation / 4)));
  return mix(color, HAZE, clamp(haze));
}

function groundAt(x: number, z: number, elevation: number, normal: Vector): Color {
  const patches = fbm(x * 3, z * 3, SEED + 7, 5);
  const trees = (1 - smoothstep(0.7, 1.1, elevation + patches * 0.7)) * smoothstep(0.4, 0.65, normal[1]);
  const snow = smoothstep(1, 1.7, elevation + patches * 0.8) * smoothstep(0.3, 0.55, normal[1]);
  const rock = ROCK(clamp(0.5 + patches));
  return mix(mix(rock, FOREST(clamp(0.4 + patches)), trees), SNOW, snow);
}

function normalAt(x: number, z: number): Vector {
  const step = z * 0.0009;
  const slopeX = elevationAt(x + step, z, 11) - elevationAt(x - step, z, 11);
  const slopeZ = elevationAt(x, z + step, 11) - elevationAt(x, z - step, 11);
  return normalize([-slopeX, 2 * step, -slopeZ]);
}

/** 0 where a mountain stands before the sun, with a soft edge. */
function sunlitShare(x: number, z: number, elevation: number): number {
  let share = 1;
  for (let reach = 0.05; reach < 5 && share > 0; reach *= 1.25) {
    const ray = elevation + SUN[1] * reach;
    const clearance = ray - elevationAt(x + SUN[0] * reach, z + SUN[2] * reach, 7);
    share = Math.min(share, clamp(0.5 + (clearance / reach) * 8));
  }
  return share;
}

function normalize([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function combine(a: Color, b: Color): Color {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}
