import { fillSpan, type Mask } from './mask';
import { fbm, hash } from './noise';
import { createRandom } from './random';
import { clamp, smoothstep } from './scalar';

export interface Forest {
  readonly seed: number;
  /** Height of the tallest firs, in rows of the mask. */
  readonly size: number;
  /** Leaves the middle of the picture open. */
  readonly clearing: boolean;
}

export function plantForest(mask: Mask, ground: Float32Array, forest: Forest): void {
  const { seed, size, clearing } = forest;
  const random = createRandom(seed);

  for (let root = -size; root < mask.width + size; root += size * (0.05 + random() * 0.2)) {
    const stand = clamp(0.75 + fbm(root / size / 9, 0.5, seed + 30, 3) * 1.6, 0.12, 1.2);
    const opening = clearing ? smoothstep(0.05, 0.48, Math.abs(root / mask.width - 0.5)) * 1.1 + 0.12 : 1;
    const height = size * stand * opening * (0.45 + random() * 0.55);
    const base = ground[clamp(Math.round(root), 0, mask.width - 1)] ?? mask.height;
    growFir(mask, root, base + size * 0.05, height, Math.floor(random() * 1e6));
  }
}

function growFir(mask: Mask, root: number, base: number, height: number, seed: number): void {
  const tip = Math.round(base - height);
  const tiers = 7 + Math.floor(hash(0, 0, seed) * 5);

  for (let row = 0; row < height; row++) {
    const depth = row / height;
    const left = branch(depth, tiers, seed);
    const right = branch(depth + 0.4 / tiers, tiers, seed + 1);
    fillSpan(mask, tip + row, root - left * height - 0.6, root + right * height + 0.6);
  }
}

/** How far the boughs reach out, as a fraction of the height of the tree. */
function branch(depth: number, tiers: number, seed: number): number {
  const tier = depth ** 0.85 * tiers;
  const droop = tier % 1;
  const vigor = 0.75 + 0.5 * hash(Math.floor(tier), 1, seed);
  return 0.19 * depth ** 0.9 * vigor * (0.35 + 0.65 * droop);
}
