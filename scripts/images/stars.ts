import { type Color, hex, mix, screen } from './color';
import { getPixel, type Raster, setPixel } from './raster';
import { createRandom } from './random';
import { smoothstep } from './scalar';

const COOL = hex('#bcd2ff');
const WARM = hex('#ffe2bd');

export interface Stars {
  readonly seed: number;
  readonly count: number;
  /** Where they fade into the haze, as a fraction of the height. */
  readonly horizon: number;
  /** Likelihood of a star, 0 to 1, at a place in the picture. */
  readonly density?: (x: number, y: number) => number;
}

export function paintStars(raster: Raster, { seed, count, horizon, density }: Stars): void {
  const random = createRandom(seed);
  for (let star = 0; star < count; star++) {
    const x = random() * raster.width;
    const y = random() * raster.height * horizon;
    const magnitude = random() ** 7;
    const color = mix(COOL, WARM, random());
    const kept = random() < (density?.(x, y) ?? 1);
    const haze = 1 - smoothstep(0.6, 1, y / raster.height / horizon);
    if (kept) paintStar(raster, x, y, color, (0.32 + 1.1 * magnitude) * haze, 0.6 + magnitude * 1.1);
  }
}

function paintStar(
  raster: Raster,
  x: number,
  y: number,
  color: Color,
  strength: number,
  radius: number,
): void {
  const reach = Math.ceil(radius * 4);
  for (let row = Math.floor(y) - reach; row <= y + reach; row++) {
    for (let column = Math.floor(x) - reach; column <= x + reach; column++) {
      if (row < 0 || column < 0 || row >= raster.height || column >= raster.width) continue;
      const distance = Math.hypot(column - x, row - y) / radius;
      const light = strength * (Math.exp(-distance * distance) + 0.12 * Math.exp(-distance * 1.4));
      setPixel(raster, column, row, screen(getPixel(raster, column, row), color, light));
    }
  }
}
