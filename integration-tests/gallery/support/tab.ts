import type { BrowserContext, Locator, Page } from 'playwright-core';
import { waitUntil } from '../../support/wait-until';

/** Far longer than what a page does by itself takes. */
const SOON = { atMost: 60_000 };

/** A tab of the browser, which notes whatever should not happen in it. */
export class Tab implements AsyncDisposable {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #complaints: string[] = [];
  readonly #expected: RegExp[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
  }

  /** `origin`: the only one that may be asked for anything. */
  static async open(context: BrowserContext, origin: string): Promise<Tab> {
    const page = await context.newPage();
    const tab = new Tab(context, page);
    const complain = (text: string) => void tab.#complaints.push(text);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        complain(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => complain(`uncaught: ${error.stack ?? error.message}`));
    page.on('crash', () => complain('the tab crashed'));
    page.on('dialog', (dialog) => {
      complain(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (/^https?:$/.test(url.protocol) && url.origin !== origin) complain(`asks elsewhere: ${url.href}`);
    });
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        console.error(`content security policy: ${violatedDirective} ${blockedURI}`),
      ),
    );
    return tab;
  }

  /** Complaints like this belong to what the test does: a browser notes every refusal of a server as an error. */
  expects(complaint: RegExp): void {
    this.#expected.push(complaint);
  }

  /** A browser also notes as an error that the server makes no thumbnail of something that is no image. */
  expectsNoThumbnailOf(...files: readonly string[]): void {
    for (const file of files) this.#expected.push(new RegExp(`status of 422 .*/${file}\\?`));
  }

  get complaints(): string[] {
    return this.#complaints.filter((text) => !this.#expected.some((expected) => expected.test(text)));
  }

  get grid(): Locator {
    return this.page.getByRole('listbox', { name: 'Images' });
  }

  /** Those of the grid that are on the page. */
  get images(): Locator {
    return this.grid.getByRole('option');
  }

  /** By the name of its file, behind which a tile says why there is no more to see; or by a pattern. */
  image(file: string | RegExp): Locator {
    if (file instanceof RegExp) return this.grid.getByRole('option', { name: file });
    const [whole, begin] = [JSON.stringify(file), JSON.stringify(`${file}, `)];
    return this.grid.locator(`[role=option][aria-label=${whole}], [role=option][aria-label^=${begin}]`);
  }

  /** Waits until there are so many images in the grid, all of them on the page. */
  async hasImages(count: number): Promise<void> {
    await waitUntil(`there are ${count} images`, async () => (await this.images.count()) === count, SOON);
  }

  get viewer(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Waits until every image on the screen is shown, with its pixels or with a tile that says its name. */
  async hasThumbnails(least = 1): Promise<void> {
    await waitUntil(`${least} thumbnails or more are shown`, async () => {
      const shown = await this.page.evaluate(thumbnailsOnScreen);
      return shown.length >= least && shown.every((state) => state !== 'waiting');
    });
  }

  /** Presses Tab until what has the focus is the one. */
  async tabsTo(target: Locator): Promise<void> {
    await waitUntil(
      `Tab leads to ${target.toString()}`,
      async () => {
        if (await hasFocus(target)) return true;
        await this.page.keyboard.press('Tab');
        return hasFocus(target);
      },
      SOON,
    );
  }

  async sees(target: Locator): Promise<void> {
    await target.first().waitFor({ state: 'visible' });
  }

  async seesNo(target: Locator): Promise<void> {
    await target.waitFor({ state: 'hidden' });
  }

  /** Waits until the address ends so. */
  async isAt(path: string): Promise<void> {
    await waitUntil(
      `the address is ${path}`,
      () => {
        const { pathname, search } = new URL(this.page.url());
        return pathname + search === path;
      },
      SOON,
    );
  }

  async focuses(target: Locator): Promise<void> {
    await waitUntil(`the focus is on ${target.toString()}`, () => hasFocus(target), SOON).catch(
      async (cause) => {
        const focused = await this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 300));
        throw new Error(`The focus is not on ${target.toString()} but on ${focused}`, { cause });
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }
}

async function hasFocus(target: Locator): Promise<boolean> {
  if ((await target.count()) !== 1) return false;
  return target.evaluate((element) => element === document.activeElement);
}

/** What is in the place of each image that is on the screen. Runs in the page. */
function thumbnailsOnScreen(): ('waiting' | 'image' | 'tile')[] {
  return [...document.querySelectorAll('[role=listbox] [role=option]')]
    .filter((cell) => {
      const { top, bottom } = cell.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    })
    .map((cell) => {
      const image = cell.querySelector('img');
      if (image?.complete && image.naturalWidth > 0) return 'image';
      return (cell as HTMLElement).innerText.trim() !== '' ? 'tile' : 'waiting';
    });
}
