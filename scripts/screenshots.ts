/**
 * Takes docs/screenshots/*.webp: the gallery of the built program, at the widths of a phone, a tablet and a desktop, in
 * both themes. usage: npm run build && npm run screenshots
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { startChromium } from './lib/chromium';
import { writePhotos } from './lib/photo-folder';

const ROOT = join(__dirname, '..');
const TARGET = join(ROOT, 'docs/screenshots');
const PHOTOS = 40;
const FOLDER = 'Sarek, September';
const THEMES = ['light', 'dark'] as const;

interface Shot {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly path: string;
  /** What to do before the picture is taken. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const photos = `/browse/${encodeURIComponent(FOLDER)}/`;
const open = async (page: Page) => {
  await page.getByRole('option', { name: 'img.jpg' }).click();
  await page.getByRole('dialog').getByRole('img').first().waitFor();
};
const openDetails = async (page: Page) => {
  await open(page);
  await page.keyboard.press('i');
  await page.getByRole('button', { name: /verify/i }).click();
  await page.getByText('Verified').waitFor();
};
const select = async (page: Page) => {
  await page.getByRole('listbox').getByRole('option').nth(1).focus();
  await page.keyboard.press('Space');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+Space');
  await page.getByRole('region', { name: 'Selected images' }).waitFor();
};

const SHOTS: readonly Shot[] = [
  { name: 'gallery', width: 1440, height: 900, path: photos },
  { name: 'folders', width: 834, height: 1112, path: '/' },
  { name: 'selection', width: 834, height: 1112, path: photos, act: select },
  { name: 'details', width: 1440, height: 900, path: '/', act: openDetails },
  { name: 'phone', width: 390, height: 844, path: photos },
  { name: 'phone-viewer', width: 390, height: 844, path: '/', act: open },
];

/** Serves a folder; resolves to where its gallery is, and how to stop it. */
async function startServer(
  folder: string,
  work: string,
): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const own = ['--port', '0', '--http-port', '0', '--host', '127.0.0.1', '--log-level', 'warn'];
  const kept = ['--state', join(work, 'state'), '--cache', join(work, 'cache')];
  const args = [join(ROOT, 'dist/cli/main.js'), 'serve', folder, ...own, ...kept];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let said = '';
  for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
    said += bytes.toString();
    const url = /^Gallery: (\S+)$/m.exec(said)?.[1];
    if (url !== undefined) return { url, stop: async () => child.kill() && exit };
  }
  throw new Error('The server did not start.');
}

async function take(
  browser: Browser,
  url: string,
  shot: Shot,
  theme: (typeof THEMES)[number],
): Promise<void> {
  const { width, height, path, act } = shot;
  const isPhone = width < 700;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    hasTouch: isPhone,
    isMobile: isPhone,
  });
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await act?.(page);
  // Not waitForFunction, which the page's policy against scripts from text does not allow.
  while (!(await page.evaluate<boolean>(IS_QUIET))) await sleep(100);
  const png = await page.screenshot({ animations: 'disabled' });
  const target = join(TARGET, `${shot.name}-${theme}.webp`);
  await sharp(png).webp({ quality: 72, effort: 6 }).toFile(target);
  await context.close();
}

/** Whether everything has come. The network is never idle: one request always waits for changes. */
const IS_QUIET = `
  [...document.images].every((image) => image.complete) &&
  performance.getEntriesByType('resource').every(({ responseEnd }) => performance.now() - responseEnd > 500)`;

async function main(): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'reso-'));
  const images = join(work, 'photos');
  try {
    cpSync(join(ROOT, 'images'), images, { recursive: true });
    await writePhotos(join(images, FOLDER), PHOTOS);
    const server = await startServer(images, work);
    const browser = await startChromium();
    mkdirSync(TARGET, { recursive: true });
    try {
      for (const shot of SHOTS) for (const theme of THEMES) await take(browser, server.url, shot, theme);
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    rmSync(work, { recursive: true });
  }
}

void main();
