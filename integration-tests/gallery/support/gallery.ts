import type { Browser, BrowserContextOptions } from 'playwright-core';
import { CHROMIUM, startChromium } from '../../../scripts/lib/chromium';
import { HostServer } from '../../support/host-server';
import { Scratch } from '../../support/scratch';
import { builtProgram } from '../../support/test-run';
import { writeCollection } from './collection';
import { OwnNetwork } from './own-network';
import { Tab } from './tab';

export interface GallerySetting {
  /** For `reso serve`; they may name files in the scratch folder. */
  readonly options?: (scratch: Scratch) => Promise<readonly string[]> | readonly string[];
  /** Names that lead the browser to this machine. */
  readonly names?: readonly string[];
}

/** A server with 2,000 images, and a browser to look at them. */
export class Gallery {
  readonly #setting: GallerySetting;
  readonly #tabs: Tab[] = [];
  #scratch: Scratch | undefined;
  #network: OwnNetwork | undefined;
  #browser: Browser | undefined;
  #server: HostServer | undefined;
  #url = '';
  images = '';

  constructor(setting: GallerySetting) {
    this.#setting = setting;
  }

  /** Where the server is found, without a slash at the end. */
  get url(): string {
    return this.#url;
  }

  get scratch(): Scratch {
    return this.#scratch!;
  }

  get network(): OwnNetwork {
    return this.#network!;
  }

  get server(): HostServer {
    return this.#server!;
  }

  async set(): Promise<void> {
    this.#scratch = await Scratch.make();
    this.#network = await OwnNetwork.start();
    this.images = await this.#scratch.folder('images');
    const chromium = await this.#network.wrap(CHROMIUM, this.#scratch.path);
    this.#browser = await startChromium(this.#setting.names, chromium);
    await writeCollection(this.images);
    await this.start();
  }

  /** Starts the server, at the same address as before. */
  async start(): Promise<void> {
    const state = await this.scratch.folder('state');
    const port = this.#url === '' ? '0' : new URL(this.#url).port;
    const own = (await this.#setting.options?.(this.scratch)) ?? [];
    const options = ['--http-port', port, '--cache', await this.scratch.folder('cache'), ...own];
    const { prefix } = this.network;
    this.#server = await HostServer.start(builtProgram(), this.images, state, { options, prefix });
    this.#url = new URL(this.#server.gallery!).origin;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  /** A new visitor at `path`, without cookies. `host`: the name by which it calls the server. */
  async visit(path: string, options: BrowserContextOptions = {}, host = '127.0.0.1'): Promise<Tab> {
    const origin = this.#url.replace('127.0.0.1', host);
    const context = await this.#browser!.newContext({ baseURL: origin, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(60_000);
    const tab = await Tab.open(context, origin);
    this.#tabs.push(tab);
    await tab.page.goto(path);
    return tab;
  }

  /** Closes all tabs; resolves to what happened in them that should not have. */
  async leave(): Promise<string[]> {
    const tabs = this.#tabs.splice(0);
    for (const tab of tabs) await tab[Symbol.asyncDispose]();
    return tabs.flatMap(({ complaints }) => complaints);
  }

  async strike(): Promise<void> {
    await this.#browser?.close();
    await this.stop();
    await this.#network?.[Symbol.asyncDispose]();
    await this.#scratch?.[Symbol.asyncDispose]();
  }
}

/** One gallery for all tests of a file, none of which may leave a complaint of the browser. */
export function useGallery(setting: GallerySetting = {}): Gallery {
  const gallery = new Gallery(setting);
  beforeAll(() => gallery.set());
  afterEach(async () => expect(await gallery.leave()).toEqual([]));
  afterAll(() => gallery.strike());
  return gallery;
}
