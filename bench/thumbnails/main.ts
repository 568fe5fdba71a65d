import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { makePlace } from '../place';
import { tearDownAtExit } from '../process/tear-down';
import { median } from '../statistics';
import type { Contender, Measured, Scene } from './contender';
import { CONTENDERS, isModule } from './contenders';
import { makePhotographs } from './photographs';
import { measureTiles, type Tiles } from './tiles';

const ROOT = join(__dirname, '../..');
const ROOM = 3 * 2 ** 30;
const MEGA = 1e6;
const USAGE = `usage: npm run bench:thumbnails -- [--quick] [--rounds N] [--reso FILE]

Thumbnails of 320 pixels as WebP, 8 in flight, of 500 JPEGs of 2 to 24 megapixels: reso, and what one would use instead.
All run in turn, once per round. Then tiles of 512 pixels of a JPEG of 108 megapixels, one in flight: reso, and iipsrv with
the same pyramid. Writes docs/benchmarks/thumbnails.json, or only prints with --quick.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      reso: { type: 'string', default: join(ROOT, 'dist/cli/main.js') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  tearDownAtExit();
  const place = makePlace(undefined, ROOM);
  const folder = join(place, 'images');
  const names = await makePhotographs(folder, values.quick ? 60 : 500);
  await makeReady(folder, join(place, 'ready'), names);
  const scene: Scene = { folder, names, reso: values.reso, scratch: () => mkdtempSync(join(place, 'run-')) };
  const results = await measure(scene, Number(values.rounds ?? (values.quick ? 1 : 3)));
  print(results, names.length);
  const tiles = await measureTiles(scene, values.quick ? 100 : 300);
  printTiles(tiles);
  if (!values.quick) write(results, names.length, tiles);
}

async function makeReady(from: string, to: string, names: readonly string[]): Promise<void> {
  mkdirSync(to);
  for (const name of names) {
    const bytes = await sharp(join(from, name))
      .resize({ width: 320 })
      .webp({ quality: 80, effort: 2 })
      .toBuffer();
    writeFileSync(join(to, `${name}.webp`), bytes);
  }
}

type Results = ReadonlyMap<string, readonly Measured[]>;

async function measure(scene: Scene, rounds: number): Promise<Results> {
  const there = CONTENDERS.filter((one) => isInstalled(one) && isPrepared(one, scene));
  const results = new Map<string, Measured[]>(there.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another one.
    for (let i = 0; i < there.length; i++) {
      const one = there[(i + round) % there.length]!;
      results.get(one.name)!.push(await one.run(scene));
    }
  }
  return results;
}

function isInstalled({ name, needs }: Contender): boolean {
  const missing = needs.filter((need) =>
    isModule(need) ? !existsSync(need) : spawnSync(need, ['-v']).error,
  );
  if (missing.length > 0) console.log(`${name}: not installed: ${missing.join(', ')}`);
  return missing.length === 0;
}

function isPrepared({ name, prepare }: Contender, scene: Scene): boolean {
  try {
    prepare?.(scene);
    return true;
  } catch (error) {
    console.log(`${name}: could not be fetched: ${(error as Error).message}`);
    return false;
  }
}

function print(results: Results, images: number): void {
  console.log(`${images} images          median  images/s  processor ms/image  memory MB  times`);
  for (const [name, runs] of results) {
    const seconds = median(runs.map((run) => run.seconds));
    const processor = (1000 * median(runs.map((run) => run.processor))) / images;
    const memory = runs.some((run) => run.memory)
      ? median(runs.map((run) => (run.memory ?? 0) / MEGA)).toFixed(0)
      : '';
    const all = runs.map((run) => run.seconds.toFixed(2)).join(' ');
    console.log(
      `${name.padEnd(28)} ${seconds.toFixed(2).padStart(8)} s ${(images / seconds).toFixed(0).padStart(6)} ${processor.toFixed(1).padStart(10)} ${memory.padStart(18)}  ${all}`,
    );
  }
}

function printTiles({ tiles, first, medians, load }: Tiles): void {
  console.log(`\n${tiles} tiles of 108 megapixels, one in flight (load ${load.toFixed(1)})`);
  for (const [name, ms] of Object.entries(medians))
    console.log(`${name.padEnd(28)} ${ms.toFixed(1).padStart(8)} ms, median`);
  for (const [kind, { ms, memory }] of Object.entries(first))
    console.log(
      `first tile, ${kind}`.padEnd(28),
      `${(ms / 1000).toFixed(1).padStart(8)} s, all processes ${(memory / MEGA).toFixed(0)} MB`,
    );
}

function write(results: Results, images: number, tiles: Tiles): void {
  const tools = Object.fromEntries(results);
  const [load] = loadavg();
  const text = JSON.stringify(
    { date: new Date().toISOString(), images, load, versions: sharp.versions, tools, tiles },
    null,
    2,
  );
  writeFileSync(join(ROOT, 'docs/benchmarks/thumbnails.json'), `${text}\n`);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
