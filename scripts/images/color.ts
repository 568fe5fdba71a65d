import { clamp, lerp } from './scalar';

/** Red, green and blue, 0 to 1. */
export type Color = readonly [number, number, number];

export type Stop = readonly [position: number, code: string];

export function hex(code: string): Color {
  const value = Number.parseInt(code.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

export function mix(from: Color, to: Color, t: number): Color {
  return [lerp(from[0], to[0], t), lerp(from[1], to[1], t), lerp(from[2], to[2], t)];
}

export function scale(color: Color, factor: number): Color {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

/** Adds light without ever passing white. */
export function screen(color: Color, light: Color, strength: number): Color {
  const channel = (base: number, added: number) => 1 - (1 - base) * (1 - clamp(added * strength));
  return [channel(color[0], light[0]), channel(color[1], light[1]), channel(color[2], light[2])];
}

export function gradient(stops: readonly Stop[]): (t: number) => Color {
  const points = stops.map(([position, code]) => ({ position, color: hex(code) }));

  return (t) => {
    let previous = points[0];
    if (previous === undefined) throw new RangeError('a gradient needs a stop');
    for (const point of points) {
      if (t < point.position) {
        const span = point.position - previous.position;
        return span > 0 ? mix(previous.color, point.color, (t - previous.position) / span) : point.color;
      }
      previous = point;
    }
    return previous.color;
  };
}

export function toHex(color: Color): string {
  const channels = color.map((channel) => Math.round(clamp(channel) * 255));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
