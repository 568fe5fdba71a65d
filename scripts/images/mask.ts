import { clamp } from './scalar';

/** Squares per pixel and direction; their share is the coverage at an edge. */
export const SUBPIXELS = 3;

export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly cells: Uint8Array;
}

export function createMask(width: number, height: number): Mask {
  const [columns, rows] = [width * SUBPIXELS, height * SUBPIXELS];
  return { width: columns, height: rows, cells: new Uint8Array(columns * rows) };
}

export function fillSpan({ width, height, cells }: Mask, row: number, left: number, right: number): void {
  if (row < 0 || row >= height) return;
  const start = row * width;
  cells.fill(1, start + clamp(Math.round(left), 0, width), start + clamp(Math.round(right), 0, width));
}

export function fillColumn({ width, height, cells }: Mask, column: number, top: number): void {
  for (let row = Math.max(0, Math.round(top)); row < height; row++) cells[row * width + column] = 1;
}

export function coverage({ width, cells }: Mask, x: number, y: number): number {
  let sum = 0;
  for (let row = y * SUBPIXELS; row < (y + 1) * SUBPIXELS; row++) {
    for (let column = x * SUBPIXELS; column < (x + 1) * SUBPIXELS; column++) {
      sum += cells[row * width + column] ?? 0;
    }
  }
  return sum / SUBPIXELS ** 2;
}
