import { type Color, gradient, mix, scale } from './color';
import { fbm, hash } from './noise';
import type { Point } from './point';
import { createRaster, downsample, type Raster, shade } from './raster';
import { clamp, smoothstep } from './scalar';

const OVERSAMPLING = 2;
const CELL = 42 * OVERSAMPLING;
const LEAD: Color = [0.06, 0.08, 0.12];

const GLASS = gradient([
  [0, '#0b3954'],
  [0.25, '#087e8b'],
  [0.45, '#7bdcb5'],
  [0.55, '#fdf0c0'],
  [0.7, '#ffb347'],
  [0.85, '#ff5a5f'],
  [1, '#8e1e5b'],
]);

interface Cell {
  readonly seed: Point;
  readonly distance: number;
  readonly edge: number;
}

/** A Voronoi diagram as stained glass. */
export function drawMosaic(): Raster {
  const raster = createRaster(1000 * OVERSAMPLING, 700 * OVERSAMPLING);
  shade(raster, (x, y) => colorAt(raster, x, y));
  return downsample(raster, OVERSAMPLING);
}

function colorAt(raster: Raster, x: number, y: number): Color {
  const { seed, distance, edge } = findCell({ x: x / CELL, y: y / CELL });
  const tone = toneAt((seed.x * CELL) / raster.height, (seed.y * CELL) / raster.height);
  const sparkle = 0.9 + 0.22 * hash(Math.floor(seed.x * 64), Math.floor(seed.y * 64), 2);
  const glass = scale(GLASS(clamp(tone)), sparkle * (1.06 - 0.22 * distance));
  return mix(LEAD, glass, smoothstep(0.035, 0.06, edge));
}

/** Bands of color that swirl about a bright center. */
function toneAt(x: number, y: number): number {
  const angle = Math.atan2(y - 0.5, x - 0.72);
  const radius = Math.hypot(x - 0.72, y - 0.5);
  const swirl = Math.sin(angle * 3 + radius * 9) * 0.2;
  return 0.98 - radius * 1.15 + swirl + fbm(x * 3, y * 3, 8, 2) * 0.3;
}

/** The cell a point lies in, and how far its border is. */
function findCell(point: Point): Cell {
  const seeds = seedsAround(point);
  let nearest = seeds[0] ?? point;
  for (const seed of seeds) {
    if (distanceBetween(seed, point) < distanceBetween(nearest, point)) nearest = seed;
  }
  const edge = Math.min(
    ...seeds.filter((seed) => seed !== nearest).map((seed) => bisector(point, nearest, seed)),
  );
  return { seed: nearest, distance: distanceBetween(nearest, point), edge };
}

function seedsAround({ x, y }: Point): Point[] {
  const seeds: Point[] = [];
  for (let row = Math.floor(y) - 2; row <= y + 2; row++) {
    for (let column = Math.floor(x) - 2; column <= x + 2; column++) {
      seeds.push({ x: column + jitter(column, row, 0), y: row + jitter(column, row, 1) });
    }
  }
  return seeds;
}

function jitter(column: number, row: number, seed: number): number {
  return 0.5 + (hash(column, row, seed + 300) - 0.5) * 0.9;
}

/** How far a point is from the line halfway between two seeds. */
function bisector(point: Point, near: Point, far: Point): number {
  const [dx, dy] = [far.x - near.x, far.y - near.y];
  const [middleX, middleY] = [(near.x + far.x) / 2, (near.y + far.y) / 2];
  return ((middleX - point.x) * dx + (middleY - point.y) * dy) / Math.hypot(dx, dy);
}

function distanceBetween(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
