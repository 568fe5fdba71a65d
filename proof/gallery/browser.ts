import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { onTearDown } from '../../bench/process/tear-down';
import { CHROMIUM, startChromium } from '../../scripts/lib/chromium';
import { until } from '../process/until';

const SCREEN = { width: 1440, height: 900 };

/** Throws before anything takes long. */
export function checkBrowser(): void {
  if (!existsSync(CHROMIUM))
    throw new Error(`${CHROMIUM} is missing: install Chromium, or set CHROMIUM to the path of one`);
}

export async function openBrowser(): Promise<Browser> {
  const browser = await startChromium();
  onTearDown(() => void browser.close().catch(() => undefined));
  return browser;
}

/** Seconds of processor time, in half a second, that a browser takes which does nothing. */
const RESTING = 0.05;

/** A browser that was just started is busy with itself for a while. */
export async function untilAtRest(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  let before = -Infinity;
  await until('the browser is at rest', async () => {
    await sleep(500);
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const now = processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    const used = now - before;
    before = now;
    return used <= RESTING;
  });
}

/** A page that has nothing in its cache, with what `in-page.js` adds. */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: SCREEN });
  await context.addInitScript({ path: join(__dirname, 'in-page.js') });
  return context.newPage();
}

/** Bytes of memory that the largest of its processes for pages takes. */
export async function memoryOfPages(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer');
  return Math.max(...pages.map(({ id }) => proportionalMemory(id)));
}

function proportionalMemory(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)![1]) * 1024;
}
