import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawMountains, type Mountains } from '../images/mountains';
import { createRandom, pick, type Random } from '../images/random';
import { toSharp } from '../images/raster';

type Palette = Pick<Mountains, 'ranges' | 'mist'> & { readonly sky: Mountains['sky']['stops'] };

const PALETTES: readonly Palette[] = [
  {
    sky: [
      [0, '#2b3f73'],
      [0.5, '#c98aa3'],
      [1, '#ffe3b0'],
    ],
    ranges: [
      [0, '#b58aa6'],
      [1, '#0c1730'],
    ],
    mist: [
      [0, '#ffd7b4'],
      [1, '#8d86a8'],
    ],
  },
  {
    sky: [
      [0, '#4f86c6'],
      [0.6, '#a9cbe8'],
      [1, '#eef3f2'],
    ],
    ranges: [
      [0, '#9db9cc'],
      [1, '#1f3a2a'],
    ],
    mist: [
      [0, '#eaf1f2'],
      [1, '#8fae9a'],
    ],
  },
  {
    sky: [
      [0, '#7a3b4e'],
      [0.6, '#f08d4c'],
      [1, '#ffd98a'],
    ],
    ranges: [
      [0, '#e58a55'],
      [1, '#1f0d18'],
    ],
    mist: [
      [0, '#ffdf9e'],
      [1, '#a9504a'],
    ],
  },
  {
    sky: [
      [0, '#071a3d'],
      [0.6, '#3f78b5'],
      [1, '#d5dfe4'],
    ],
    ranges: [
      [0, '#7ea6cf'],
      [1, '#04102a'],
    ],
    mist: [
      [0, '#d3e2ee'],
      [1, '#4f7db0'],
    ],
  },
  {
    sky: [
      [0, '#b7bcc0'],
      [1, '#f3f1ec'],
    ],
    ranges: [
      [0, '#c3c7c6'],
      [1, '#2c2f2e'],
    ],
    mist: [
      [0, '#f1f0ec'],
      [1, '#a3a8a6'],
    ],
  },
];

const SHAPES = [
  [720, 480],
  [480, 640],
  [720, 405],
  [640, 480],
  [900, 360],
  [480, 480],
] as const;

/** Writes so many pictures into a folder as somebody may bring them home from a walk in the mountains. */
export async function writePhotos(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const random = createRandom(20);
  for (let number = 1; number <= count; number++) {
    const photo = drawMountains(landscape(random, number));
    const file = `DSC_${String(4100 + number * 3)}.jpg`;
    await writeFile(join(folder, file), await toSharp(photo).jpeg({ quality: 85 }).toBuffer());
  }
}

function landscape(random: Random, seed: number): Mountains {
  const [width, height] = pick(random, SHAPES);
  const { sky, ...colors } = PALETTES[seed % PALETTES.length]!;
  const hasLake = random() < 0.4;
  const shore = 0.7 + random() * 0.1;
  return {
    ...colors,
    width,
    height,
    seed: seed * 17,
    sky: { horizon: 0.45 + random() * 0.15, stops: sky },
    layers: 4 + Math.floor(random() * 5),
    foreground: hasLake ? 1 : 0,
    base: hasLake ? shore + 0.02 : 0.9,
    ...(hasLake && { lake: { shore, tint: [0.1, 0.2, 0.3], stretch: 1.5, seed } }),
  };
}
