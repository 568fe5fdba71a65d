import { type Color, gradient, hex, screen } from './color';
import { type Lake, paintLake } from './lake';
import { fbm, noise } from './noise';
import { createRaster, type Raster, shade } from './raster';
import { paintRidge } from './ridge';
import { clamp, smoothstep } from './scalar';
import { paintSky } from './sky';
import { paintStars } from './stars';

const HORIZON = 0.7;
const LAKE: Lake = { shore: 0.74, tint: hex('#02101c'), stretch: 2, seed: 8 };

/** A sheet of light; lengths are fractions of the picture's height. */
interface Curtain {
  readonly seed: number;
  readonly hem: number;
  readonly sway: number;
  readonly reach: number;
  readonly strength: number;
}

const CURTAINS: readonly Curtain[] = [
  { seed: 71, hem: 0.3, sway: 0.3, reach: 0.2, strength: 0.55 },
  { seed: 12, hem: 0.42, sway: 0.34, reach: 0.26, strength: 0.8 },
  { seed: 35, hem: 0.58, sway: 0.24, reach: 0.3, strength: 1 },
];

/** From the hem of a curtain to its top. */
const GLOW = gradient([
  [0, '#4dffb0'],
  [0.3, '#25e39a'],
  [0.6, '#3a8fd0'],
  [0.85, '#9a3fc4'],
  [1, '#c0307f'],
]);

export function drawAurora(): Raster {
  const raster = createRaster(1280, 853);
  paintSky(raster, {
    horizon: HORIZON,
    stops: [
      [0, '#030818'],
      [0.6, '#07213a'],
      [1, '#12465a'],
    ],
  });
  paintStars(raster, { seed: 17, count: 900, horizon: HORIZON });
  for (const curtain of CURTAINS) paintCurtain(raster, curtain);
  paintShore(raster);
  return raster;
}

function paintCurtain(raster: Raster, curtain: Curtain): void {
  const { width, height } = raster;
  shade(raster, (x, y, sky) => {
    const across = x / height;
    const hem = curtain.hem + curtain.sway * fbm(across * 0.9, 0.3, curtain.seed, 4);
    const rise = (hem - y / height) / curtain.reach;
    if (rise < -0.25) return sky;
    const edge = smoothstep(-0.14, 0.06, rise);
    const fall = Math.exp(-Math.max(0, rise) * 1.9);
    const strength = curtain.strength * edge * fall * rays(across, rise, curtain.seed);
    return screen(sky, GLOW(clamp(rise / 1.6)), strength * fadeAtSides(x / width));
  });
}

/** Vertical streaks, as the light follows the field lines. */
function rays(across: number, rise: number, seed: number): number {
  const fold = fbm(across * 2.2, 0.7, seed + 1, 3);
  const fine = noise(across * 55 + fold * 9, rise * 0.25, seed + 2);
  const broad = noise(across * 13 + fold * 5, rise * 0.2, seed + 3);
  return clamp(0.55 + fold * 0.9 + broad * 0.28 + fine * 0.16, 0.04, 1.3);
}

function fadeAtSides(x: number): number {
  return 0.35 + 0.65 * Math.sin(Math.PI * x);
}

function paintShore(raster: Raster): void {
  const bare = { frequency: 1.4, mistDepth: 0.2, trees: 0, clearing: false };
  const hills: Color = hex('#0b2a3a');
  const woods: Color = hex('#04111b');
  paintRidge(raster, { ...bare, seed: 5, crest: 0.69, relief: 0.22, color: hills, mist: hex('#1d5a63') });
  paintRidge(raster, { ...bare, seed: 6, crest: 0.73, relief: 0.07, color: woods, mist: woods, trees: 0.06 });
  paintLake(raster, LAKE);
}
