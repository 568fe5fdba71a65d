import { gradient, toHex } from './color';
import { fbm } from './noise';
import { createRandom, type Random } from './random';
import { background, createSvg } from './svg';

const TILE = 60;
const COLUMNS = 20;
const ROWS = 14;
const SIZE = { width: COLUMNS * TILE, height: ROWS * TILE };
const GROUND = '#140f2d';
const CORNERS = 'M30 0A30 30 0 0 0 60 30M30 60A30 30 0 0 0 0 30';

const COLORS = gradient([
  [0, '#f9c74f'],
  [0.3, '#f3722c'],
  [0.6, '#c2185b'],
  [1, '#4527a0'],
]);

/** Tiles with two quarter circles each, turned at random, which join into winding bands. */
export function drawTruchet(): string {
  const random = createRandom(5);
  const tiles: string[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) tiles.push(placeTile(random, column, row));
  }
  return createSvg(SIZE, [background(SIZE, GROUND), defineTiles(), ...tiles]);
}

function defineTiles(): string {
  return [
    '<defs>',
    `<g id="a" fill="none"><path d="${CORNERS}" stroke-width="30"/>`,
    `<path d="${CORNERS}" stroke-width="18" stroke="${GROUND}"/><path d="${CORNERS}" stroke-width="7"/></g>`,
    `<g id="b"><use href="#a" transform="rotate(90 ${TILE / 2} ${TILE / 2})"/></g>`,
    '</defs>',
  ].join('\n');
}

function placeTile(random: Random, column: number, row: number): string {
  const tone = column / COLUMNS / 2 + row / ROWS / 2 + fbm(column / 7, row / 7, 3, 2) * 0.5;
  const tile = random() < 0.5 ? 'a' : 'b';
  return `<use href="#${tile}" x="${column * TILE}" y="${row * TILE}" stroke="${toHex(COLORS(tone))}"/>`;
}
