import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { always, countAtMost, type Bar, type Reading } from '../bar';
import { quantile } from '../load/quantile';
import { setScene, type Scene } from '../load/scene';
import { Visitor } from '../load/visitor';
import { WebClient } from './web-client';

const FULL = { images: 60, width: 4000, watch: 6000, rounds: 4, noise: 10 };
/** What else this machine does counts for more in a short time. */
const QUICK = { images: 16, width: 2400, watch: 1500, rounds: 2, noise: 25 };
/** Renditions that are asked for at the same time; 0: to compare with. */
const IN_FLIGHT = [0, 8, 64];
const WIDTHS = [160, 320, 640, 1280, 2560];
const SETTLED_BY = 'webp';
/** Milliseconds, as the server says. */
const RETRY_AFTER = 1000;
/** Times as long as without the flood, of which less than `noise` milliseconds is noise. */
const MOST_SLOWER = 2;

/** What came of the rounds with one number of requests in flight. */
interface Sum {
  readonly times: number[];
  verified: number;
  made: number;
  lost: number;
}

export const httpFlood: Bar = {
  name: 'http-flood',
  claim:
    'under a flood of thumbnails that are not in the cache, downloads by the protocol take at most twice as long',
  async run(setting) {
    const { images, width, watch, rounds, noise } = setting.quick ? QUICK : FULL;
    const scene = await setScene(setting, { 'a.jpg': 100_000 }, ['--log-level', 'error']);
    for (let i = 0; i < images; i++) await paint(join(scene.folder, 'images', `p${i}.jpg`), width, i);
    await settle(scene, images);
    const paths = thumbnails(images);
    const sums = new Map(IN_FLIGHT.map((n) => [n, { times: [], verified: 0, made: 0, lost: 0 } as Sum]));
    // In turn: whatever else the machine does then befalls all of them.
    for (let round = 0; round < rounds; round++)
      for (const [inFlight, sum] of sums) await suffer(scene, paths, { inFlight, watch }, sum);
    await scene.server.kill();
    const quiet = quantile(sums.get(0)!.times, 0.99);
    return IN_FLIGHT.slice(1).flatMap((n) => readingsOf(n, sums.get(n)!, quiet, noise));
  },
};

function readingsOf(inFlight: number, sum: Sum, quiet: number, noise: number): Reading[] {
  const what = `${inFlight} in flight, ${sum.made} made`;
  const limit = MOST_SLOWER * Math.max(quiet, noise);
  const p99 = quantile(sum.times, 0.99);
  return [
    always(`${what}: downloads verified in the meantime`, sum.verified, sum.times.length),
    {
      what: `${what}: download, 99 of 100 (${quiet.toFixed(1)} ms without)`,
      limit: `<= ${limit.toFixed(1)} ms`,
      measured: `${p99.toFixed(1)} ms`,
      ok: p99 <= limit,
    },
    countAtMost(`${what}: neither made nor told to come again`, sum.lost, 0),
  ];
}

async function suffer(
  { server, gallery, folder }: Scene,
  paths: string[],
  { inFlight, watch }: { readonly inFlight: number; readonly watch: number },
  sum: Sum,
): Promise<void> {
  const client = new WebClient(server.web, inFlight);
  let isOver = false;
  const ask = async () => {
    for (let path = paths.pop(); path !== undefined; path = isOver ? undefined : paths.pop()) {
      const { status } = await client.get(path);
      if (status === 200) sum.made++;
      else if (status !== 503) sum.lost++;
      else {
        paths.unshift(path);
        await sleep(RETRY_AFTER);
      }
    }
  };
  const asking = Promise.all(Array.from({ length: inFlight }, ask));
  const visitor = new Visitor(server.endpoint, gallery, 'a.jpg', folder);
  await sleep(watch);
  const { times, verified } = await visitor.leave();
  isOver = true;
  await asking;
  client.close();
  sum.times.push(...times);
  sum.verified += verified;
}

/** Starts the processes that decode, and finds the digests: both are done once, and not what is measured. */
async function settle({ server }: Scene, images: number): Promise<void> {
  const client = new WebClient(server.web, 4);
  await Promise.all(
    Array.from({ length: images }, (_, i) => client.get(`/renditions/p${i}.jpg?w=160&f=${SETTLED_BY}`)),
  );
  client.close();
}

/** Each is made once: none is in the cache. */
function thumbnails(images: number): string[] {
  const paths = ['webp', 'jpeg'].flatMap((format) =>
    WIDTHS.flatMap((width) =>
      Array.from({ length: images }, (_, i) => `/renditions/p${i}.jpg?w=${width}&f=${format}`),
    ),
  );
  return paths.filter((path) => !path.endsWith(`w=160&f=${SETTLED_BY}`));
}

/** Noise that is scaled up: as hard to decode as a photograph. */
async function paint(path: string, width: number, seed: number): Promise<void> {
  const side = 300;
  const noise = Buffer.from(Array.from({ length: side * side * 3 }, (_, i) => (i * 7919 * (seed + 1)) % 251));
  const raw = { width: side, height: side, channels: 3 } as const;
  writeFileSync(
    path,
    await sharp(noise, { raw })
      .resize(width, Math.round(width * 0.75), { fit: 'fill' })
      .jpeg()
      .toBuffer(),
  );
}
