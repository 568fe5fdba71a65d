import { type Color, gradient, hex, mix, type Stop } from './color';
import { type Lake, paintLake } from './lake';
import { createRaster, type Raster } from './raster';
import { paintRidge } from './ridge';
import { lerp } from './scalar';
import { paintStars, type Stars } from './stars';
import { paintSky, type Sky } from './sky';

export interface Mountains {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly sky: Sky;
  /** From the farthest range to the nearest. */
  readonly ranges: readonly Stop[];
  readonly mist: readonly Stop[];
  readonly layers: number;
  readonly foreground: number;
  readonly base: number;
  readonly stars?: Stars;
  readonly lake?: Lake;
}

export function drawMountains(mountains: Mountains): Raster {
  const raster = createRaster(mountains.width, mountains.height);
  paintSky(raster, mountains.sky);
  if (mountains.stars) paintStars(raster, mountains.stars);
  for (let layer = 0; layer < mountains.layers; layer++) {
    if (mountains.lake && layer === mountains.layers - mountains.foreground) {
      paintLake(raster, mountains.lake);
    }
    paintLayer(raster, mountains, layer);
  }
  return raster;
}

function paintLayer(raster: Raster, mountains: Mountains, layer: number): void {
  const nearness = layer / (mountains.layers - 1);
  const inFront = layer >= mountains.layers - mountains.foreground;
  const color = gradient(mountains.ranges)(nearness);
  const mist = gradient(mountains.mist)(nearness);

  paintRidge(raster, {
    seed: mountains.seed + layer * 101,
    crest: inFront ? 1.04 : lerp(mountains.sky.horizon, mountains.base, nearness ** 1.2),
    relief: inFront ? 0.1 : lerp(0.36, 0.16, nearness),
    frequency: lerp(1.5, 1.1, nearness),
    color,
    mist: inFront ? darker(color) : mist,
    mistDepth: lerp(0.2, 0.3, nearness),
    trees: nearness > 0.45 ? lerp(0.004, inFront ? 0.3 : 0.075, (nearness - 0.4) / 0.6) : 0,
    clearing: inFront,
  });
}

function darker(color: Color): Color {
  return mix(color, hex('#000000'), 0.4);
}
