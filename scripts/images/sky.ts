import { gradient, hex, screen, type Stop } from './color';
import { shade, type Raster } from './raster';
import { smoothstep } from './scalar';

export interface Sky {
  /** From the top of the picture to the horizon. */
  readonly stops: readonly Stop[];
  readonly horizon: number;
  readonly light?: Light;
}

/** The sun or the moon; lengths are fractions of the picture's height. */
export interface Light {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly disc: string;
  readonly glow: string;
  readonly reach: number;
}

export function paintSky(raster: Raster, { stops, horizon, light }: Sky): void {
  const colorAt = gradient(stops);
  shade(raster, (_x, y) => colorAt(y / raster.height / horizon));
  if (light) paintLight(raster, light);
}

function paintLight(raster: Raster, light: Light): void {
  const { width, height } = raster;
  const disc = hex(light.disc);
  const glow = hex(light.glow);

  shade(raster, (x, y, sky) => {
    const distance = Math.hypot((x - light.x * width) / height, y / height - light.y);
    const halo = Math.exp(-distance / light.reach) * 0.7 + Math.exp(-distance / light.radius / 2) * 0.5;
    const inside = 1 - smoothstep(light.radius - 1 / height, light.radius + 1 / height, distance);
    return screen(screen(sky, glow, halo), disc, inside);
  });
}
