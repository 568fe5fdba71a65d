import { lerp } from './scalar';

/** A number in [0, 1) that depends on nothing but the lattice point and the seed. */
export function hash(x: number, y: number, seed: number): number {
  let bits = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}

/** Gradient noise, about -1 to 1. */
export function noise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const dx = x - column;
  const dy = y - row;
  const u = fade(dx);
  const v = fade(dy);

  const top = lerp(slope(column, row, seed, dx, dy), slope(column + 1, row, seed, dx - 1, dy), u);
  const bottom = lerp(
    slope(column, row + 1, seed, dx, dy - 1),
    slope(column + 1, row + 1, seed, dx - 1, dy - 1),
    u,
  );
  return lerp(top, bottom, v) * 1.5;
}

/** Fractal Brownian motion: octaves of noise, each twice as fine and half as strong. */
export function fbm(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let amplitude = 0.5;
  for (let octave = 0; octave < octaves; octave++) {
    sum += amplitude * noise(x, y, seed + octave);
    amplitude /= 2;
    // Turning each octave by atan(3/4) hides the lattice.
    const turned = 1.6 * x - 1.2 * y;
    y = 1.2 * x + 1.6 * y;
    x = turned;
  }
  return sum;
}

/** Octaves folded at zero, which makes sharp crests; about 0 to 1. */
export function ridged(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let amplitude = 0.5;
  for (let octave = 0; octave < octaves; octave++) {
    sum += amplitude * (1 - Math.abs(noise(x, y, seed + octave)));
    amplitude *= 0.48;
    x *= 2.07;
    y *= 2.07;
  }
  return sum;
}

function slope(column: number, row: number, seed: number, dx: number, dy: number): number {
  const angle = hash(column, row, seed) * 2 * Math.PI;
  return Math.cos(angle) * dx + Math.sin(angle) * dy;
}

function fade(t: number): number {
  return t * t * t * (t * (t * 6 - 15) + 10);
}
