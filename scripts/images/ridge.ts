import { type Color, mix } from './color';
import { plantForest } from './forest';
import { coverage, createMask, fillColumn, type Mask, SUBPIXELS } from './mask';
import { fbm, ridged } from './noise';
import { shade, type Raster } from './raster';
import { clamp, smoothstep } from './scalar';

/** One silhouette of a range; lengths are fractions of the picture's height. */
export interface Ridge {
  readonly seed: number;
  readonly crest: number;
  readonly relief: number;
  readonly frequency: number;
  readonly color: Color;
  readonly mist: Color;
  readonly mistDepth: number;
  /** Height of the firs; 0 for bare rock. */
  readonly trees: number;
  readonly clearing: boolean;
}

export function paintRidge(raster: Raster, ridge: Ridge): void {
  const ground = createGround(raster, ridge);
  const outline = smooth(ground, Math.round(raster.height * SUBPIXELS * 0.09));
  const mask = createSilhouette(raster, ridge, ground);

  shade(raster, (x, y, behind) => {
    const share = coverage(mask, x, y);
    return share > 0 ? mix(behind, colorAt(x, y), share) : behind;
  });

  function colorAt(x: number, y: number): Color {
    const crest = (outline[x * SUBPIXELS] ?? 0) / SUBPIXELS;
    const wisps = fbm((x / raster.height) * 3, (y / raster.height) * 9, ridge.seed + 50, 4);
    const depth = (y - crest) / raster.height / ridge.mistDepth;
    return mix(ridge.color, ridge.mist, smoothstep(0, 1, depth + wisps * 0.35) * 0.9);
  }
}

function createSilhouette({ width, height }: Raster, ridge: Ridge, ground: Float32Array): Mask {
  const mask = createMask(width, height);
  for (const [column, top] of ground.entries()) fillColumn(mask, column, top);
  if (ridge.trees > 0) {
    const size = ridge.trees * height * SUBPIXELS;
    plantForest(mask, ground, { seed: ridge.seed, size, clearing: ridge.clearing });
  }
  return mask;
}

/** The row of the mask where the ground starts, for each of its columns. */
function createGround({ width, height }: Raster, ridge: Ridge): Float32Array {
  const { crest, relief, frequency, seed } = ridge;
  const rows = height * SUBPIXELS;
  return Float32Array.from({ length: width * SUBPIXELS }, (_, column) => {
    return (crest - relief * elevation((column / rows) * frequency, seed)) * rows;
  });
}

/** Averages each value with those around it, so that the mist does not follow every peak. */
function smooth(values: Float32Array, reach: number): Float32Array {
  const at = (index: number) => values[clamp(index, 0, values.length - 1)] ?? 0;
  let sum = 0;
  for (let index = -reach; index < reach; index++) sum += at(index);

  return values.map((_, index) => {
    sum += at(index + reach);
    const average = sum / (2 * reach + 1);
    sum -= at(index - reach);
    return average;
  });
}

function elevation(x: number, seed: number): number {
  const massif = fbm(x * 0.6, 0.5, seed + 20, 2) * 0.9;
  return massif + ridged(x, 0.5, seed, 7) - 0.5;
}
