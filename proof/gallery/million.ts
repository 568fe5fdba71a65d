import { linkSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MemoryWatch } from '../../bench/process/memory';
import { bytesAtMost, timeAtMost, type Bar, type Reading, type Setting } from '../bar';
import { memoryAfterList, timeList } from '../load/time-list';
import { Served } from '../process/served';
import { checkBrowser, openBrowser, openPage, untilAtRest } from './browser';
import { DIFFERENT, hangMany, nameOf } from './many-images';

/** Before one more is added: the gallery shows at most a million at once. */
const COUNTS = { full: 999_999, quick: 20_000 };
const ARGS = ['--log-level', 'error'];
/** Of thumbnails that are in the cache when the page is opened. */
const WIDTHS = [160, 320, 640];
/** Milliseconds, but for memory. */
const LIMITS = {
  first: 1000,
  whole: 30_000,
  grid: 1000,
  shown: 2000,
  jump: 1000,
  memory: 64e6,
  gallery: 192e6,
};
/** Where everything has to be looked at before the first page. */
const COLD = { ...LIMITS, first: LIMITS.whole };

export const million: Bar = {
  name: 'million',
  claim: 'a million images in one folder are listed within seconds, in hardly more memory than a few',
  onRequest: true,
  async run(setting) {
    checkBrowser();
    const count = setting.quick ? COUNTS.quick : COUNTS.full;
    const place = mkdtempSync(join(setting.folder, 'million-'));
    const few = await memoryOfFew(setting, place);
    const images = join(place, 'images');
    await hangMany(images, count);
    const begun = performance.now();
    const start = () => Served.start({ program: setting.program, images, folder: place, args: ARGS });
    const server = await start();
    const readings = [timeAtMost('until the server accepts connections', since(begun), LIMITS.first)];
    const watch = new MemoryWatch(server.pid);
    readings.push(...(await timeList(server, 'never seen before', count, COLD)));
    readings.push(...(await timeList(server, 'nothing changed', count, LIMITS)));
    linkSync(join(images, nameOf(0)), join(images, nameOf(count)));
    readings.push(...(await timeList(server, 'one more image', count + 1, LIMITS)));
    const peak = watch.stop();
    const watchGallery = new MemoryWatch(server.pid);
    readings.push(...(await look(server, count + 1)));
    const peakOfGallery = watchGallery.stop();
    await server.kill('SIGTERM');
    const again = await start();
    const watchAgain = new MemoryWatch(again.pid);
    readings.push(...(await timeList(again, 'after a restart', count + 1, COLD)));
    const peakAgain = watchAgain.stop();
    await again.kill();
    return [
      ...readings,
      bytesAtMost('more memory of the server than with one image, for lists', peak - few, LIMITS.memory),
      bytesAtMost('the same, after a restart', peakAgain - few, LIMITS.memory),
      bytesAtMost('the same, for the gallery', peakOfGallery - few, LIMITS.gallery),
    ];
  },
};

async function memoryOfFew({ program }: Setting, place: string): Promise<number> {
  const folder = join(place, 'few');
  const images = join(folder, 'images');
  mkdirSync(images, { recursive: true });
  writeFileSync(join(images, 'a.jpg'), 'one');
  return memoryAfterList(await Served.start({ program, images, folder, args: ARGS }));
}

/** As a browser sees it. */
async function look({ web }: Served, count: number): Promise<Reading[]> {
  const url = `http://127.0.0.1:${web.port}`;
  const asked = performance.now();
  const grid = await (await fetch(`${url}/api/grid?path=`)).arrayBuffer();
  const answered = since(asked);
  for (let i = 0; i < DIFFERENT; i++)
    for (const width of WIDTHS)
      await (await fetch(`${url}/renditions/${nameOf(i)}?w=${width}&f=webp`)).arrayBuffer();
  const browser = await openBrowser();
  const page = await openPage(browser);
  await untilAtRest(browser);
  await page.goto(url);
  const shown = await page.evaluate<number>('thumbnailsShown(0)');
  const jump = await page.evaluate<number>(`jump('End', ${count - 1})`);
  await browser.close();
  return [
    timeAtMost(
      `shapes of all images over HTTP (${(grid.byteLength / 1e6).toFixed(1)} MB)`,
      answered,
      LIMITS.grid,
    ),
    timeAtMost('gallery: thumbnails on the screen after navigation', shown, LIMITS.shown),
    timeAtMost('gallery: a jump to the end', jump, LIMITS.jump),
  ];
}

function since(begun: number): number {
  return performance.now() - begun;
}
