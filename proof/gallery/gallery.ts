import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { freePort } from '../../bench/process/free-port';
import { bytesAtMost, countAtMost, timeAtMost, type Bar, type Setting } from '../bar';
import { Served } from '../process/served';
import { until } from '../process/until';
import { checkBrowser, memoryOfPages, openBrowser, openPage, untilAtRest } from './browser';
import { DIFFERENT, hangMany, nameOf } from './many-images';

const COUNTS = { full: 100_000, quick: 5000 };
/** Milliseconds for the server to find out what they are. */
const PATIENCE = 1_200_000;
/** Visits, each with a browser of its own that has nothing in its cache. */
const VISITS = 5;
const LIMITS = { task: 50, nodes: 399, first: 1000, jump: 300, memory: 250e6 };
const WIDTHS = [160, 320, 640];

interface Visit {
  readonly first: number;
  readonly jump: number;
  readonly longest: number;
  readonly nodes: number;
  readonly memory: number;
}

export const gallery: Bar = {
  name: 'gallery',
  claim: 'the gallery of 100,000 images scrolls without a stutter',
  onRequest: true,
  async run(setting) {
    checkBrowser();
    const count = setting.quick ? COUNTS.quick : COUNTS.full;
    const { server, url } = await serveMany(setting, count);
    const visits: Visit[] = [];
    for (let i = 0; i < VISITS; i++) visits.push(await visit(url, count));
    await server.kill();
    const all = (key: keyof Visit) => visits.map((one) => one[key]).sort((a, b) => a - b);
    return [
      timeAtMost('thumbnails on the screen after navigation (median)', median(all('first')), LIMITS.first),
      timeAtMost('a jump to the end (median)', median(all('jump')), LIMITS.jump),
      timeAtMost('longest task while scrolling (median)', median(all('longest')), LIMITS.task),
      countAtMost('nodes in the grid', Math.max(...all('nodes')), LIMITS.nodes),
      bytesAtMost('memory of the tab', Math.max(...all('memory')), LIMITS.memory),
    ];
  },
};

/** A server that knows what its images are and has made their thumbnails. */
async function serveMany({ folder, program }: Setting, count: number) {
  const place = mkdtempSync(join(folder, 'gallery-'));
  const images = join(place, 'images');
  await hangMany(images, count);
  const port = await freePort();
  const args = ['--http-port', String(port), '--cache', join(place, 'cache')];
  const server = await Served.start({ program, images, folder: place, args });
  const url = `http://127.0.0.1:${port}`;
  const isKnown = async () => {
    await sleep(500);
    return (await fetch(`${url}/api/grid?path=`)).headers.get('X-Reso-Complete') === 'yes';
  };
  await until('the server knows its images', isKnown, PATIENCE);
  for (let i = 0; i < DIFFERENT; i++)
    for (const width of WIDTHS)
      await (await fetch(`${url}/renditions/${nameOf(i)}?w=${width}&f=webp`)).arrayBuffer();
  return { server, url };
}

async function visit(url: string, count: number): Promise<Visit> {
  const browser = await openBrowser();
  const page = await openPage(browser);
  await untilAtRest(browser);
  await page.goto(url);
  const first = await page.evaluate<number>('thumbnailsShown(0)');
  await page.evaluate('void (longTasks.length = 0)');
  await scroll(page);
  const longest = await page.evaluate<number>('Math.max(0, ...longTasks)');
  const jump = await page.evaluate<number>(`jump('End', ${count - 1})`);
  const nodes = await page.evaluate<number>('mostNodes');
  const memory = await memoryOfPages(browser);
  await browser.close();
  return { first, jump, longest, nodes, memory };
}

/** As with a wheel: slowly, then faster than anybody can look, and back. */
async function scroll(page: Page): Promise<void> {
  await page.mouse.move(700, 500);
  for (const [pixels, times] of [
    [300, 40],
    [3000, 40],
    [-1500, 40],
  ] as const)
    for (let i = 0; i < times; i++) {
      await page.mouse.wheel(0, pixels);
      await sleep(30);
    }
}

function median(sorted: readonly number[]): number {
  return sorted[sorted.length >> 1]!;
}
