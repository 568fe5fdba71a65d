import { seededNumbers } from './random';

/** The distribution of photograph sizes: many below the mean, some far above. */
export function logNormalSizes(count: number, mean: number, seed: number): number[] {
  const sigma = 0.84;
  const median = mean / Math.exp(sigma ** 2 / 2);
  const random = seededNumbers(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, () => Math.max(64, Math.round(median * Math.exp(sigma * normal()))));
}

export function equalSizes(count: number, size: number): number[] {
  return Array.from({ length: count }, () => size);
}
