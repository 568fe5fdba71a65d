import { fbm } from './noise';
import type { Point } from './point';
import { createRandom, pick, type Random } from './random';
import { background, createSvg, polyline } from './svg';

const SEED = 20;
const SIZE = { width: 1200, height: 900 };
const MARGIN = 50;
const GAP = 3;
const STEP = 3;
const CELL = 3;
const PALETTE = ['#e4572e', '#f3a712', '#f6d8ae', '#2e4057', '#2a9d8f', '#76b7b2', '#a63a50', '#f7f3e8'];
const COLUMNS = Math.ceil(SIZE.width / CELL);

interface Ribbon {
  readonly points: readonly Point[];
  readonly width: number;
  readonly color: string;
}

/** Ribbons that follow a field of directions and never touch. */
export function drawFlowField(): string {
  const random = createRandom(SEED);
  const taken = new Uint8Array(COLUMNS * Math.ceil(SIZE.height / CELL));
  const ribbons: Ribbon[] = [];
  for (let attempt = 0; attempt < 14000; attempt++) {
    const ribbon = growRibbon(random, taken, widthFor(attempt));
    if (ribbon.points.length < 8) continue;
    occupy(taken, ribbon);
    ribbons.push(ribbon);
  }
  return createSvg(SIZE, [background(SIZE, '#1c2233'), ...ribbons.map(drawRibbon)]);
}

/** Wide ribbons first; the narrow ones fill what they leave. */
function widthFor(attempt: number): number {
  if (attempt < 60) return 34;
  if (attempt < 500) return 20;
  return attempt < 3000 ? 11 : 5;
}

function growRibbon(random: Random, taken: Uint8Array, width: number): Ribbon {
  const points: Point[] = [];
  let point = { x: random() * SIZE.width, y: random() * SIZE.height };
  const longest = 40 + random() * 180;
  while (points.length < longest && isFree(taken, point, width)) {
    points.push(point);
    const angle = directionAt(point);
    point = { x: point.x + Math.cos(angle) * STEP, y: point.y + Math.sin(angle) * STEP };
  }
  return { points, width, color: pick(random, PALETTE) };
}

function directionAt({ x, y }: Point): number {
  const turn = fbm(x / 620, y / 620, SEED, 2);
  return 0.5 + turn * 2 * Math.PI * 1.1;
}

function isFree(taken: Uint8Array, point: Point, width: number): boolean {
  const reach = width / 2 + GAP;
  const inside = (value: number, end: number) => value >= MARGIN + reach && value <= end - MARGIN - reach;
  if (!inside(point.x, SIZE.width) || !inside(point.y, SIZE.height)) return false;
  return cellsAround(point, reach).every((cell) => taken[cell] === 0);
}

function occupy(taken: Uint8Array, { points, width }: Ribbon): void {
  for (const point of points) {
    for (const cell of cellsAround(point, width / 2)) taken[cell] = 1;
  }
}

function cellsAround({ x, y }: Point, reach: number): number[] {
  const cells: number[] = [];
  for (let row = Math.floor((y - reach) / CELL); row <= (y + reach) / CELL; row++) {
    for (let column = Math.floor((x - reach) / CELL); column <= (x + reach) / CELL; column++) {
      const near = Math.hypot((column + 0.5) * CELL - x, (row + 0.5) * CELL - y) <= reach;
      if (near) cells.push(row * COLUMNS + column);
    }
  }
  return cells;
}

function drawRibbon({ points, width, color }: Ribbon): string {
  const stroke = `stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"`;
  return `<path d="${polyline(points)}" fill="none" ${stroke}/>`;
}
