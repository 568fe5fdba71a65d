import { hash } from './noise';

interface Slope {
  readonly value: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * Fractal noise whose fine octaves fade where the ground is steep already,
 * which leaves ridges and gullies as if water had carved them.
 */
export function erodedNoise(x: number, y: number, seed: number, octaves: number): number {
  let [sum, amplitude, dx, dy] = [0, 1, 0, 0];
  for (let octave = 0; octave < octaves; octave++) {
    const noise = slopedNoise(x, y, seed);
    dx += noise.dx;
    dy += noise.dy;
    sum += (amplitude * noise.value) / (1 + dx * dx + dy * dy);
    amplitude /= 2;
    // Turning each octave by atan(3/4) hides the lattice.
    const turned = 1.6 * x - 1.2 * y;
    y = 1.2 * x + 1.6 * y;
    x = turned;
  }
  return sum;
}

/** Value noise from 0 to 1, with its derivatives. */
function slopedNoise(x: number, y: number, seed: number): Slope {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const s = x - column;
  const t = y - row;
  const u = s * s * (3 - 2 * s);
  const v = t * t * (3 - 2 * t);

  const a = hash(column, row, seed);
  const b = hash(column + 1, row, seed);
  const c = hash(column, row + 1, seed);
  const twist = a - b - c + hash(column + 1, row + 1, seed);

  return {
    value: a + (b - a) * u + (c - a) * v + twist * u * v,
    dx: 6 * s * (1 - s) * (b - a + twist * v),
    dy: 6 * t * (1 - t) * (c - a + twist * u),
  };
}
