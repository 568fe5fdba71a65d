import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { newToken } from '../../src/index';
import { violations } from './support/accessibility';
import { ODD_NAMES } from './support/collection';
import { useGallery } from './support/gallery';
import { logIn } from './support/log-in';
import type { Tab } from './support/tab';

const token = newToken();
const FOREIGN = 'foreign.example.org';
const gallery = useGallery({
  names: [FOREIGN],
  options: async ({ path }) => {
    await writeFile(join(path, 'tokens'), `all ${token}\n`, { mode: 0o600 });
    return ['--token-file', join(path, 'tokens')];
  },
});

const FOLDER = '/browse/trips/K%C3%B6ln%202024/';
const press = (tab: Tab, key: string) => tab.page.keyboard.press(key);

/** Each view, and how to come to it from the one before. */
const VIEWS: readonly (readonly [string, (tab: Tab) => Promise<unknown>])[] = [
  ['login', (tab) => tab.sees(tab.page.getByLabel(/token/i))],
  [
    'login, refused',
    async (tab) => {
      await logIn(tab, 'no such token');
      await tab.sees(tab.page.getByRole('alert'));
    },
  ],
  [
    'folders',
    async (tab) => {
      await logIn(tab, token);
      await tab.hasThumbnails(1);
    },
  ],
  [
    'folder with tiles',
    async (tab) => {
      await tab.page.goto('/browse/odd/');
      await tab.hasThumbnails(Object.keys(ODD_NAMES).length);
    },
  ],
  [
    'folder',
    async (tab) => {
      await tab.page.goto(FOLDER);
      await tab.hasThumbnails(12);
    },
  ],
  [
    'help',
    async (tab) => {
      await press(tab, '?');
      await tab.sees(tab.page.getByRole('dialog', { name: /shortcuts/i }));
    },
  ],
  [
    'selection',
    async (tab) => {
      await press(tab, 'Escape');
      await tab.seesNo(tab.page.getByRole('dialog'));
      await tab.image('3.jpg').focus();
      await press(tab, 'Space');
      await tab.sees(tab.page.getByRole('region', { name: /selected/i }));
    },
  ],
  [
    'viewer',
    async (tab) => {
      await press(tab, 'Enter');
      await tab.sees(tab.viewer.getByRole('img', { name: '3.jpg' }));
    },
  ],
  [
    'details',
    async (tab) => {
      await press(tab, 'i');
      await tab.sees(tab.page.getByRole('complementary', { name: 'Details' }));
    },
  ],
  [
    'viewer of what can only be downloaded',
    async (tab) => {
      await tab.page.goto(`/browse/odd/?image=${encodeURIComponent(`odd/${ODD_NAMES.heic}`)}`);
      await tab.sees(tab.viewer.getByText('HEIC', { exact: true }));
    },
  ],
  [
    'search without result',
    async (tab) => {
      await tab.page.goto('/?q=nothing+like+it');
      await tab.sees(tab.page.getByText(/nothing found|no matches/i));
    },
  ],
  [
    'empty folder',
    async (tab) => {
      await tab.page.route('**/api/**', (route) => route.continue({ url: emptied(route.request().url()) }));
      await tab.page.goto('/');
      await tab.sees(tab.page.getByText(/no images yet|nothing here/i));
      await tab.page.unroute('**/api/**');
    },
  ],
];

/** What the server says of a folder in which there is nothing. */
function emptied(url: string): string {
  return url.replace(/path=[^&]*/, 'path=no%20such%20folder');
}

/** The same for the pages without JavaScript. */
const PLAIN_VIEWS: typeof VIEWS = [
  ['login', (tab) => tab.sees(tab.page.getByLabel(/token/i))],
  [
    'login, refused',
    async (tab) => {
      await logIn(tab, 'no such token');
      await tab.sees(tab.page.getByRole('alert'));
    },
  ],
  [
    'folders',
    async (tab) => {
      await logIn(tab, token);
      await tab.sees(tab.page.getByRole('link', { name: 'many/' }));
    },
  ],
  [
    'folder with tiles',
    async (tab) => {
      await tab.page.goto('/browse/odd/');
      await tab.sees(tab.page.getByRole('link', { name: ODD_NAMES.heic }));
    },
  ],
  ['folder of many', (tab) => tab.page.goto('/browse/many/', { waitUntil: 'domcontentloaded' })],
  ['missing folder', (tab) => tab.page.goto('/browse/none/')],
];

const SCREENS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['a desktop', { viewport: { width: 1440, height: 900 } }],
  ['a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
];

async function brokenRules(tab: Tab, views: typeof VIEWS): Promise<Record<string, readonly string[]>> {
  const broken: Record<string, readonly string[]> = {};
  for (const [view, come] of views) {
    try {
      await come(tab);
      const found = await violationsOf(tab);
      if (found.length > 0) broken[view] = found;
    } catch (error) {
      broken[view] = [String(error)];
    }
  }
  return broken;
}

/** A page that is just being replaced is looked at once more. */
async function violationsOf(tab: Tab): Promise<string[]> {
  const first = await violations(tab);
  if (first.length === 0) return first;
  await tab.page.waitForLoadState('load');
  return violations(tab);
}

describe.each(SCREENS)('on %s', (_, screen) => {
  test.each(['light', 'dark'] as const)(
    'no view breaks a rule of axe-core in the %s theme',
    async (colorScheme) => {
      const options = { ...screen, colorScheme };
      const tab = await gallery.visit('/', options);
      tab.expects(/status of 401/);
      tab.expectsNoThumbnailOf(ODD_NAMES.heic, ODD_NAMES.garbage, ODD_NAMES.truncated);
      const broken = await brokenRules(tab, VIEWS);
      const foreign = await gallery.visit('/', options, FOREIGN);
      foreign.expects(/status of 421/);
      await foreign.sees(foreign.page.getByText(`--allow-host ${FOREIGN}`));
      expect({ ...broken, ...(await brokenRules(foreign, [['foreign name', async () => {}]])) }).toEqual({});
    },
  );
});

test.each([
  ['desktop', 'light', SCREENS[0]![1]],
  ['phone', 'dark', SCREENS[1]![1]],
] as const)(
  'no page without JavaScript breaks one either, on a %s in the %s theme',
  async (_, colorScheme, screen) => {
    const tab = await gallery.visit('/', { ...screen, colorScheme, javaScriptEnabled: false });
    tab.expects(/status of 40[14]|preloaded using link preload/);
    tab.expectsNoThumbnailOf(ODD_NAMES.garbage, ODD_NAMES.truncated, ODD_NAMES.heic);
    expect(await brokenRules(tab, PLAIN_VIEWS)).toEqual({});
  },
);
