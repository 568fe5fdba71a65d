import sharp, { type Sharp } from 'sharp';

import type { Point } from './point';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function createSvg({ width, height }: Size, content: readonly string[]): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${content.join('\n')}\n</svg>\n`;
}

export function background({ width, height }: Size, fill: string): string {
  return `<rect width="${width}" height="${height}" fill="${fill}"/>`;
}

export function polyline(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

export function rasterize(svg: string): Sharp {
  return sharp(Buffer.from(svg)).removeAlpha();
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
