/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import { ProtocolError, ResoError } from '../errors';
import { compareNames, globFault, globMatcher, globsFault, nameFault } from '../names';
import { encode, MessageType, type ImageEntry, type ListRequest, type Page, type Proof } from '../protocol';
import { askPage, askProof, askState } from './net/ask';
import type { Client } from './client';
import type { DownloadOptions } from './transfer/options';
import { type Range, openDelivery } from './net/read';
import { type ListOptions, pagesOf, type Lister } from './plan/select';
import type { Names } from './plan/patterns';
import { selectFrom, type DownloadSource } from './transfer/download';
import type * as Snapshot from './commands/lock/snapshot';
import type * as WithDigests from './commands/lock/with-digests';
import type * as Sync from './commands/sync/sync';
import type * as Verify from './commands/verify/verify';
import type * as SelectLocked from './plan/select-locked';
import type { ListWithDigestsOptions, ProvenEntry } from './commands/lock/with-digests';
import type { LockOptions } from './commands/lock/snapshot';
import { type ConnectOptions, settingsOf, type Settings } from './net/settings';
import { Pool } from './net/pool';
import type { DownloadSummary } from './result';
import { downloadRemembering } from './commands/get';
import type { VerifyOptions, VerifySummary } from './commands/verify/options';
import type { SyncOptions, SyncSummary } from './commands/sync/options';

/*
 * What a plain download does without is loaded where it is used: one image should not have to wait for it.
 */

/**
 * A client of the server at `options.host` and `options.port`. Nothing is sent before something is asked for.
 * Throws USAGE for options out of their limits.
 */
export function connect(options: ConnectOptions = {}): Client {
  return new PooledClient(settingsOf(options));
}

class PooledClient implements Client {
  readonly address: string;
  readonly #settings: Settings;
  readonly #pool: Pool;
  readonly #lister: Lister = {
    stat: this.stat.bind(this),
    pages: this.#pages.bind(this),
    hasAny: this.#hasAny.bind(this),
    hasFolder: this.#hasFolder.bind(this),
  };

  constructor(settings: Settings) {
    this.address = settings.address;
    this.#settings = settings;
    this.#pool = new Pool(settings);
  }

  async *list({ onUnreadable, ...options }: ListOptions = {}): AsyncGenerator<ImageEntry, void, undefined> {
    let count = 0;
    for await (const { images, unreadable = 0 } of pagesOf(this.#lister, options)) {
      count += unreadable;
      yield* images;
    }
    if (count > 0) onUnreadable?.(count);
  }

  listWithDigests(options: ListWithDigestsOptions): AsyncGenerator<ProvenEntry, void, undefined> {
    return (require('./commands/lock/with-digests') as typeof WithDigests).withDigests(
      this,
      this.list(options),
      options.onFailure,
    );
  }

  lock({ globs, onUnreadable }: LockOptions = {}): AsyncGenerator<string, void, undefined> {
    const { retries, signal } = this.#settings;
    const digests = this.digests.bind(this);
    const pages = (options: ListOptions) => pagesOf(this.#lister, options);
    return (require('./commands/lock/snapshot') as typeof Snapshot).takeSnapshot(
      { pages, digests, retries, signal },
      globs,
      onUnreadable,
    );
  }

  async #isOf(generation: string): Promise<boolean> {
    const page = await this.#page({ unless: generation, limit: 1 });
    return page.unchanged === true;
  }

  async *#pages(globs: readonly string[] | undefined): AsyncGenerator<Page, void, undefined> {
    globs?.forEach(checkGlob);
    const asked = globs && globMatcher(globs);
    // More than one request may carry: then everything is listed, and what is not meant is left out here.
    const isTooMuch = globs !== undefined && globsFault(globs) !== undefined;
    let after: string | undefined;
    do {
      const page = await this.#page({ globs: isTooMuch ? undefined : globs, after });
      if (isTooMuch) yield { ...page, images: page.images.filter(({ name }) => asked!(name)) };
      else {
        checkAsked(page, asked);
        yield page;
      }
      after = page.next;
    } while (after !== undefined);
  }

  async #hasAny(globs: readonly string[]): Promise<boolean> {
    return (await this.#first({ globs })) !== undefined;
  }

  async #hasFolder(name: string): Promise<boolean> {
    const folder = `${name}/`;
    // Whatever is in it comes next behind it.
    const page = await this.#first({ after: folder });
    return page?.images[0]?.name.startsWith(folder) ?? false;
  }

  /** The first page that has something, be it only something that can't be read. */
  async #first(request: ListRequest): Promise<Page | undefined> {
    let after = request.after;
    do {
      const page: Page = await this.#page({ ...request, after, limit: 1 });
      if (page.images.length > 0 || page.unreadable !== undefined) return page;
      after = page.next;
    } while (after !== undefined);
    return undefined;
  }

  async stat(name: string): Promise<ImageEntry> {
    checkName(name);
    return askState(this.#pool, name);
  }

  async digests(name: string, blocks?: { first: number; count: number }): Promise<Proof> {
    checkName(name);
    return askProof(this.#pool, { name, ...blocks });
  }

  async ping(): Promise<number> {
    return this.#pool.request(async (channel) => {
      const sent = performance.now();
      await channel.request(MessageType.PONG, (id) => encode.ping(id), checkPong);
      return performance.now() - sent;
    });
  }

  async *read(name: string, range: Range = {}): AsyncGenerator<Buffer, void, undefined> {
    checkName(name);
    yield* await this.#pool.request((_, flight) => openDelivery(flight, { name, ...range }));
  }

  async download(names: Names | undefined, options: DownloadOptions = {}): Promise<DownloadSummary> {
    const { locked } = options;
    const source = this.#downloadSource();
    // It comes to be while we look at what lies here.
    this.#pool.prepare();
    return downloadRemembering(source, options, (onMissing) =>
      locked
        ? (require('./plan/select-locked') as typeof SelectLocked).selectLocked(locked, names, onMissing)
        : selectFrom(source, names, onMissing),
    );
  }

  sync(folder = '.', options: SyncOptions = {}): Promise<SyncSummary> {
    const source = {
      ...this.#downloadSource(),
      reach: () => this.ping(),
      isOf: (generation: string) => this.#isOf(generation),
    };
    return (require('./commands/sync/sync') as typeof Sync).sync(source, folder, options);
  }

  verify(options: VerifyOptions = {}): Promise<VerifySummary> {
    return (require('./commands/verify/verify') as typeof Verify).verify(
      this,
      this.#lister,
      this.#settings.signal,
      options,
    );
  }

  close(): void {
    this.#pool.close();
  }

  #downloadSource(): DownloadSource {
    const { signal, retries } = this.#settings;
    const lister = this.#lister;
    const source = {
      pool: this.#pool,
      server: this.address,
      settings: this.#settings,
      retries,
      signal,
      lister: {
        ...lister,
        pages: async function* (this: void, globs: readonly string[] | undefined) {
          for await (const page of lister.pages(globs)) {
            source.unreadable += page.unreadable ?? 0;
            yield page;
          }
        },
      },
      unreadable: 0,
      aborted: () =>
        signal?.aborted ? new ResoError('ABORTED', 'Interrupted.', { cause: signal.reason }) : undefined,
    };
    return source;
  }

  async #page(request: ListRequest): Promise<Page> {
    const page = await askPage(this.#pool, request);
    checkPage(page, request);
    return page;
  }
}

/** Answers for the server where a name can't be one: it would say the same, or hang up for the length of it. */
function checkName(name: string): void {
  const fault = nameFault(name);
  if (fault === undefined) return;
  throw new ResoError('NOT_FOUND', `No image can have this name: ${fault}.`, { image: name });
}

function checkGlob(glob: string): void {
  const fault = globFault(glob);
  if (fault === undefined) return;
  throw new ResoError('BAD_NAME', `It can't be used as a glob: ${fault}.`, { image: glob });
}

function checkPong(payload: Buffer): void {
  if (payload.length === 0) return;
  throw new ProtocolError('BAD_MESSAGE', 'PONG brings bytes that PING did not have.');
}

/** What was not asked for must not come to be written. */
function checkAsked(page: Page, asked: ((name: string) => boolean) | undefined): void {
  const stranger = asked && page.images.find(({ name }) => !asked(name));
  if (!stranger) return;
  throw new ProtocolError('BAD_MESSAGE', 'The server lists an image that was not asked for.', {
    image: stranger.name,
  });
}

/** A page that does not go forward could make a list endless; one that claims to bring nothing new could hide all. */
function checkPage(page: Page, { after, unless }: ListRequest): void {
  if (page.unchanged && page.generation !== unless) {
    throw new ProtocolError('BAD_MESSAGE', 'A page of the list is not what was asked for.');
  }
  if (after === undefined) return;
  const first = page.images[0]?.name ?? page.next;
  if (first !== undefined && compareNames(first, after) <= 0) {
    throw new ProtocolError('BAD_MESSAGE', `The server's list does not go forward behind "${after}".`);
  }
}
