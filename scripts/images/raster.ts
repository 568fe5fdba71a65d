import sharp, { type Sharp } from 'sharp';

import type { Color } from './color';
import { hash } from './noise';
import { clamp } from './scalar';

export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array;
}

/** The color at a pixel, given what is there already. */
export type Shader = (x: number, y: number, color: Color) => Color;

export function createRaster(width: number, height: number): Raster {
  return { width, height, samples: new Float32Array(width * height * 3) };
}

export function getPixel({ width, height, samples }: Raster, x: number, y: number): Color {
  const offset = (clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)) * 3;
  return [samples[offset] ?? 0, samples[offset + 1] ?? 0, samples[offset + 2] ?? 0];
}

export function setPixel({ width, samples }: Raster, x: number, y: number, color: Color): void {
  samples.set(color, (y * width + x) * 3);
}

export function shade(raster: Raster, shader: Shader): Raster {
  for (let y = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++) {
      setPixel(raster, x, y, shader(x, y, getPixel(raster, x, y)));
    }
  }
  return raster;
}

/** Averages squares of pixels, to smooth the edges of what was drawn too large. */
export function downsample(raster: Raster, factor: number): Raster {
  const smaller = createRaster(raster.width / factor, raster.height / factor);
  return shade(smaller, (x, y) => averageSquare(raster, x * factor, y * factor, factor));
}

export function toBytes({ width, samples }: Raster): Buffer {
  // Rounding alone would show as bands in smooth skies.
  const dither = (index: number) => hash(index % (width * 3), Math.floor(index / (width * 3)), 0);
  return Buffer.from(samples.map((sample, index) => Math.floor(clamp(sample) * 255 + dither(index))));
}

export function toSharp(raster: Raster): Sharp {
  const { width, height } = raster;
  return sharp(toBytes(raster), { raw: { width, height, channels: 3 } });
}

function averageSquare(raster: Raster, left: number, top: number, size: number): Color {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) {
      const color = getPixel(raster, x, y);
      red += color[0];
      green += color[1];
      blue += color[2];
    }
  }
  const area = size * size;
  return [red / area, green / area, blue / area];
}
