import sharp, { type Sharp } from 'sharp';

import { gradient, toHex } from './color';
import { lerp } from './scalar';
import { background, createSvg, polyline, rasterize } from './svg';

export const FRAMES = 30;

const SIZE = { width: 600, height: 375 };
const LAYERS = 7;

const WATER = gradient([
  [0, '#f2a65a'],
  [0.25, '#ee6c4d'],
  [0.5, '#b33f62'],
  [0.75, '#5b2a6b'],
  [1, '#1f1c48'],
]);

/** Frames of a loop: every wave moves by whole wavelengths from the first frame to the last. */
export async function drawWaves(): Promise<Sharp> {
  const frames: Buffer[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    frames.push(
      await rasterize(drawFrame(frame / FRAMES))
        .raw()
        .toBuffer(),
    );
  }
  const { width, height } = SIZE;
  return sharp(Buffer.concat(frames), {
    raw: { width, height: height * FRAMES, channels: 3, pageHeight: height },
  });
}

function drawFrame(time: number): string {
  const sunRow = 128 + Math.sin(time * 2 * Math.PI) * 5;
  const layers = Array.from({ length: LAYERS }, (_, layer) => drawLayer(layer / (LAYERS - 1), time));
  return createSvg(SIZE, [
    background(SIZE, '#ffe3b3'),
    `<circle cx="390" cy="${sunRow}" r="92" fill="#ffd07f"/>`,
    `<circle cx="390" cy="${sunRow}" r="66" fill="#fff4d6"/>`,
    ...layers,
  ]);
}

function drawLayer(nearness: number, time: number): string {
  const { width, height } = SIZE;
  const points = Array.from({ length: width / 4 + 1 }, (_, index) => {
    return { x: index * 4, y: surface(index * 4, nearness, time) };
  });
  const path = `${polyline(points)}L${width} ${height}L0 ${height}Z`;
  return `<path d="${path}" fill="${toHex(WATER(nearness))}"/>`;
}

function surface(x: number, nearness: number, time: number): number {
  const turn = 2 * Math.PI;
  const phase = nearness * 17;
  const wavelength = lerp(150, 420, nearness);
  const swell = Math.sin((x / wavelength) * turn + phase - time * turn);
  const chop = Math.sin((x / wavelength) * 2.3 * turn + phase * 2.1 + time * turn);
  const height = lerp(7, 22, nearness) * (swell + 0.4 * chop);
  return lerp(158, 328, nearness ** 1.15) + height;
}
