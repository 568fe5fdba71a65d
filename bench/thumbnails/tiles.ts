import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { command } from '../process/command';
import { freePort } from '../process/free-port';
import { listening } from '../process/listening';
import { Running } from '../process/running';
import { GroupMemoryWatch } from '../process/shared-memory';
import { median } from '../statistics';
import type { Scene } from './contender';
import { timeOfEach } from './load';
import { startNginx } from './nginx';
import { makePhotograph } from './photographs';
import { startReso, untilKnown } from './reso';

const SIZE = { width: 12_000, height: 9000 };
const SIDE = 512;
/** Whole tiles across and down. */
const [COLUMNS, ROWS] = [Math.floor(SIZE.width / SIDE), Math.floor(SIZE.height / SIDE)];
/** A step that has no factor in common with the number of tiles: all are visited, and neighbors are far apart. */
const STEP = 151;
/** The page of the pyramid that has all pixels, as iipsrv counts. */
const FULL = 5;

/** Milliseconds between two looks at the memory: one tile takes few seconds, and its peak is short. */
const LOOK_OFTEN = 100;

const IIPSRV = '/usr/lib/iipimage-server/iipsrv.fcgi';

export interface Tiles {
  /** Tiles in each series. */
  readonly tiles: number;
  /** Milliseconds for the first tile, which waits for the pyramid, and the peak of all processes in bytes. */
  readonly first: Readonly<
    Record<'baseline' | 'progressive', { readonly ms: number; readonly memory: number }>
  >;
  /** Median milliseconds for a tile, by what sends it. */
  readonly medians: Readonly<Record<string, number>>;
  readonly load: number;
}

/** Aligned tiles of an image of 108 megapixels, one in flight, from reso and from iipsrv with the same pyramid. */
export async function measureTiles({ scratch, reso }: Scene, tiles: number): Promise<Tiles> {
  const [folder, cache, state] = [scratch(), scratch(), scratch()];
  await makePhotograph(join(folder, 'baseline.jpg'), 1, SIZE);
  await makePhotograph(join(folder, 'progressive.jpg'), 2, SIZE, true);
  const { running, port } = await startReso({ reso, folder, cache, state });
  const series = Array.from({ length: tiles }, (_, i) => (i * STEP) % (COLUMNS * ROWS));
  const first = {
    baseline: await firstTile(port, running, 'baseline.jpg'),
    progressive: await firstTile(port, running, 'progressive.jpg'),
  };
  const medians: Record<string, number> = {};
  const kinds = { 'reso, JPEG': 'jpeg', 'reso, WebP': 'webp' };
  for (const [name, format] of Object.entries(kinds)) {
    const paths = series.map((at) =>
      tilePath('baseline.jpg', at % COLUMNS, Math.floor(at / COLUMNS), format),
    );
    medians[name] = median(await timeOfEach(port, paths));
  }
  await running.stop();
  const peer = await measureIipsrv(scratch, pyramidIn(cache), series);
  if (peer !== undefined) medians['iipsrv, JPEG'] = peer;
  return { tiles, first, medians, load: loadavg()[0]! };
}

const tilePath = (name: string, column: number, row: number, format: string) =>
  `/tiles/${name}?s=1&x=${column}&y=${row}&f=${format}`;

async function firstTile(port: number, { pid }: Running, name: string) {
  await untilKnown(port, name);
  const memory = new GroupMemoryWatch(pid, LOOK_OFTEN);
  const [ms] = await timeOfEach(port, [tilePath(name, 0, 0, 'jpeg')]);
  return { ms: ms!, memory: memory.stop() };
}

/** The first of the two: they have the same size to a percent. */
function pyramidIn(cache: string): string {
  const files = readdirSync(cache, { recursive: true, encoding: 'utf8' })
    .map((name) => join(cache, name))
    .filter((path) => statSync(path).isFile());
  return files.sort((a, b) => statSync(b).size - statSync(a).size)[0]!;
}

async function measureIipsrv(
  scratch: () => string,
  pyramid: string,
  series: readonly number[],
): Promise<number | undefined> {
  if (!existsSync(IIPSRV)) return void console.log(`iipsrv: not installed: ${IIPSRV}`);
  const [folder, port] = [scratch(), await freePort()];
  mkdirSync(join(folder, 'images'));
  copyFileSync(pyramid, join(folder, 'images/giant.tif'));
  const settings = {
    FILESYSTEM_PREFIX: `${folder}/images/`,
    LOGFILE: join(folder, 'log'),
    VERBOSITY: '0',
    JPEG_QUALITY: '90',
  };
  const iipsrv = new Running(command(IIPSRV, '--bind', `127.0.0.1:${port}`), settings);
  await listening(iipsrv, port);
  const location = `location / { fastcgi_pass 127.0.0.1:${port}; fastcgi_keep_conn on;
    fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method; }`;
  const nginx = await startNginx(scratch(), location);
  const across = Math.ceil(SIZE.width / SIDE);
  const indexOf = (at: number) => Math.floor(at / COLUMNS) * across + (at % COLUMNS);
  const paths = series.map((at) => `/?FIF=giant.tif&JTL=${FULL},${indexOf(at)}`);
  try {
    return median(await timeOfEach(nginx.port, paths));
  } finally {
    await nginx.running.stop();
    await iipsrv.stop();
  }
}
