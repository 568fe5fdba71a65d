import { setTimeout as sleep } from 'node:timers/promises';
import { ProtocolError, ResoError } from '../errors';
import { compareNames, globFault, globMatcher, globsFault, nameFault } from '../names';
import type { ImageEntry, ListRequest, Page } from '../protocol';
import { askNextGeneration, askPage, askState, type Home, type WatchSettings } from './net/ask';
import type { Pool } from './net/pool';
import type { Lister } from './plan/select';

/** Milliseconds between two requests to a server that does not know WATCH. */
const POLL_PAUSE = 30_000;

/** The server's list. Its answers are checked: images that were not requested must not be written. */
export class ServerList implements Lister {
  readonly #pool: Pool;
  /** Pages of different servers may be of different states. */
  readonly #home: Home = { at: undefined };
  #polls = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Where the last page came from, if any did. */
  get home(): Readonly<Home> | undefined {
    return this.#home.at === undefined ? undefined : this.#home;
  }

  async stat(name: string): Promise<ImageEntry> {
    checkName(name);
    return askState(this.#pool, name);
  }

  async *pages(globs: readonly string[] | undefined, facts?: true): AsyncGenerator<Page, void, undefined> {
    globs?.forEach(checkGlob);
    const asked = globs && globMatcher(globs);
    // Too much for one request: then everything is listed and filtered here.
    const isTooMuch = globs !== undefined && globsFault(globs) !== undefined;
    let after: string | undefined;
    do {
      const page = await this.#page({ globs: isTooMuch ? undefined : globs, after, facts });
      if (isTooMuch) yield { ...page, images: page.images.filter(({ name }) => asked!(name)) };
      else {
        checkAsked(page, asked);
        yield page;
      }
      after = page.next;
    } while (after !== undefined);
  }

  async hasAny(globs: readonly string[]): Promise<boolean> {
    return (await this.#first({ globs })) !== undefined;
  }

  async hasFolder(name: string): Promise<boolean> {
    const folder = `${name}/`;
    // Whatever is in it comes right after it.
    const page = await this.#first({ after: folder });
    return page?.images[0]?.name.startsWith(folder) ?? false;
  }

  /** The first page that is not empty, even if it has only unreadable images. */
  async #first(request: ListRequest): Promise<Page | undefined> {
    let after = request.after;
    do {
      const page: Page = await this.#page({ ...request, after, limit: 1 });
      if (page.images.length > 0 || page.unreadable !== undefined) return page;
      after = page.next;
    } while (after !== undefined);
    return undefined;
  }

  /** Whether this is the current generation of the server's images. */
  async isOf(generation: string): Promise<boolean> {
    const page = await this.#page({ unless: generation, limit: 1 });
    return page.unchanged === true;
  }

  /** The current generation. */
  async generation(unless?: string): Promise<string> {
    return (await this.#page({ unless, limit: 1 })).generation;
  }

  /** The next generation after `unless`. `onPolling` is called, once, if the server must be asked again and again. */
  async nextGeneration(
    unless: string,
    watching: Omit<WatchSettings, 'home'>,
    onPolling?: () => void,
  ): Promise<string> {
    if (this.#polls) return this.#poll(unless, watching);
    try {
      return await askNextGeneration(this.#pool, unless, { ...watching, home: this.#home });
    } catch (error) {
      if (!(error instanceof ResoError) || error.code !== 'UNSUPPORTED') throw error;
    }
    this.#polls = true;
    onPolling?.();
    return this.#poll(unless, watching);
  }

  async #poll(unless: string, { signal }: Omit<WatchSettings, 'home'>): Promise<string> {
    for (;;) {
      const generation = await this.generation(unless);
      if (generation !== unless) return generation;
      await sleep(POLL_PAUSE, undefined, { signal }).catch((cause: unknown) => {
        throw new ResoError('ABORTED', 'Interrupted.', { cause });
      });
    }
  }

  async #page(request: ListRequest): Promise<Page> {
    const page = await askPage(this.#pool, request, this.#home);
    checkPage(page, request);
    return page;
  }
}

/** Answers for the server if a name is invalid: it would say the same, or disconnect if the name is too long. */
export function checkName(name: string): void {
  const fault = nameFault(name);
  if (fault === undefined) return;
  throw new ResoError('NOT_FOUND', `This is not a valid image name: ${fault}.`, { image: name });
}

function checkGlob(glob: string): void {
  const fault = globFault(glob);
  if (fault === undefined) return;
  throw new ResoError('BAD_NAME', `It is not a valid glob: ${fault}.`, { image: glob });
}

/** Images that were not requested must not be written. */
function checkAsked(page: Page, asked: ((name: string) => boolean) | undefined): void {
  const stranger = asked && page.images.find(({ name }) => !asked(name));
  if (!stranger) return;
  throw new ProtocolError('BAD_MESSAGE', 'The server listed an image that was not requested.', {
    image: stranger.name,
  });
}

/** A page that does not advance could make a list endless; one that claims to be unchanged could hide everything. */
function checkPage(page: Page, { after, unless }: ListRequest): void {
  if (page.unchanged && page.generation !== unless) {
    throw new ProtocolError('BAD_MESSAGE', 'A page of the list does not match the request.');
  }
  if (after === undefined) return;
  const first = page.images[0]?.name ?? page.next;
  if (first !== undefined && compareNames(first, after) <= 0) {
    throw new ProtocolError('BAD_MESSAGE', `The server's list does not advance beyond "${after}".`);
  }
}
