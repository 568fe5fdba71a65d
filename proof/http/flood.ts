import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { always, countAtMost, type Bar, type Reading } from '../bar';
import { setScene, type Scene } from '../load/scene';
import { Visitor } from '../load/visitor';
import { WebClient } from './web-client';

const FULL = { images: 60, width: 4000, watch: 20_000 };
const QUICK = { images: 16, width: 2400, watch: 4000 };
const IN_FLIGHT = [8, 64];
const WIDTHS = [160, 320, 640, 1280, 2560];
/** Times as long as without the flood; below this many milliseconds it is noise. */
const MOST_SLOWER = 2;
const NOISE = 10;

export const httpFlood: Bar = {
  name: 'http-flood',
  claim: 'a flood of thumbnails that are not in the cache slows downloads by the protocol at most by half',
  async run(setting) {
    const { images, width, watch } = setting.quick ? QUICK : FULL;
    const scene = await setScene(setting, { 'a.jpg': 100_000 }, ['--log-level', 'error']);
    for (let i = 0; i < images; i++) await paint(join(scene.folder, 'images', `p${i}.jpg`), width, i);
    const quiet = await visit(scene, watch);
    const readings: Reading[] = [];
    for (const [i, inFlight] of IN_FLIGHT.entries()) {
      // Each time another format: none is in the cache.
      const paths = thumbnails(images, ['webp', 'jpeg'][i]!);
      readings.push(...(await suffer(scene, paths, { inFlight, watch, quiet: quiet.p99 })));
    }
    await scene.server.kill();
    return readings;
  },
};

async function suffer(
  scene: Scene,
  paths: string[],
  { inFlight, watch, quiet }: { readonly inFlight: number; readonly watch: number; readonly quiet: number },
): Promise<Reading[]> {
  const client = new WebClient(scene.server.web, inFlight);
  const answers = { good: 0, busy: 0, other: 0 };
  let isOver = false;
  const ask = async () => {
    for (let path = paths.pop(); path !== undefined && !isOver; path = paths.pop()) {
      const { status } = await client.get(path);
      if (status === 200) answers.good++;
      else if (status === 503) answers.busy++;
      else answers.other++;
    }
  };
  const asking = Promise.all(Array.from({ length: inFlight }, ask)).then(() => (isOver = true));
  const visitor = new Visitor(scene.server.endpoint, scene.gallery, 'a.jpg', scene.folder);
  await Promise.race([asking, sleep(watch)]);
  const visits = await visitor.leave();
  isOver = true;
  await asking;
  client.close();
  const limit = MOST_SLOWER * Math.max(quiet, NOISE);
  const what = `${inFlight} in flight, ${answers.good} made`;
  return [
    always(`${what}: downloads verified in the meantime`, visits.verified, visits.count),
    {
      what: `${what}: download, 99 of 100 (${quiet.toFixed(1)} ms without)`,
      limit: `<= ${limit.toFixed(1)} ms`,
      measured: `${visits.p99.toFixed(1)} ms`,
      ok: visits.p99 <= limit,
    },
    countAtMost(`${what}: neither made nor told to come again`, answers.other, 0),
  ];
}

async function visit({ server, gallery, folder }: Scene, watch: number) {
  const visitor = new Visitor(server.endpoint, gallery, 'a.jpg', folder);
  await sleep(watch);
  return visitor.leave();
}

function thumbnails(images: number, format: string): string[] {
  return WIDTHS.flatMap((width) =>
    Array.from({ length: images }, (_, i) => `/renditions/p${i}.jpg?w=${width}&f=${format}`),
  );
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
