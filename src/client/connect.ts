/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import { ProtocolError, ResoError } from '../errors';
import { encode, MessageType, type ImageEntry, type Proof } from '../protocol';
import type { Client } from './client';
import { downloadRemembering } from './commands/get';
import type * as Snapshot from './commands/lock/snapshot';
import type { LockOptions } from './commands/lock/snapshot';
import type * as WithDigests from './commands/lock/with-digests';
import type { ListWithDigestsOptions, ProvenEntry } from './commands/lock/with-digests';
import type * as Similar from './commands/similar';
import type * as Follow from './commands/sync/follow';
import type { FollowOptions, SyncOptions, SyncSummary, WatchOptions } from './commands/sync/options';
import type * as Sync from './commands/sync/sync';
import type { SyncSource } from './commands/sync/sync';
import type { VerifyOptions, VerifySummary } from './commands/verify/options';
import type * as Verify from './commands/verify/verify';
import { askProof } from './net/ask';
import { Pool } from './net/pool';
import { openDelivery, type Range } from './net/read';
import { settingsOf, type ConnectOptions, type Settings } from './net/settings';
import type { Names } from './plan/patterns';
import { pagesOf, type ListOptions } from './plan/select';
import type * as SelectLocked from './plan/select-locked';
import type { DownloadSummary } from './result';
import { checkName, ServerList } from './server-list';
import { selectFrom, type DownloadSource } from './transfer/download';
import type { DownloadOptions } from './transfer/options';

/*
 * Whatever a plain download does not need is loaded where it is used: a single image should not have to wait for it.
 */

/**
 * A client of the server at `options.host` and `options.port`, or of `options.servers`. Connects when something is
 * requested. Throws USAGE for options that are out of range.
 */
export function connect(options: ConnectOptions = {}): Client {
  return new PooledClient(settingsOf(options));
}

class PooledClient implements Client {
  readonly address: string;
  readonly #settings: Settings;
  readonly #pool: Pool;
  readonly #lister: ServerList;

  constructor(settings: Settings) {
    this.address = settings.address;
    this.#settings = settings;
    this.#pool = new Pool(settings);
    this.#lister = new ServerList(this.#pool);
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

  stat(name: string): Promise<ImageEntry> {
    return this.#lister.stat(name);
  }

  async similar(name: string): Promise<readonly string[]> {
    return (require('./commands/similar') as typeof Similar).similarNames(this.#lister, name);
  }

  async digests(name: string, blocks?: { first: number; count: number }): Promise<Proof> {
    checkName(name);
    return askProof(this.#pool, { name, ...blocks }, this.#lister.home);
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

  async download(wanted: Names | undefined, options: DownloadOptions = {}): Promise<DownloadSummary> {
    const { locked } = options;
    // To TypeScript, a string is a list of its characters.
    const names = typeof wanted === 'string' ? [wanted] : wanted;
    const source = this.#downloadSource();
    // It is established while we look at the local files.
    this.#pool.prepare();
    return downloadRemembering(source, options, (onMissing) =>
      locked
        ? (require('./plan/select-locked') as typeof SelectLocked).selectLocked(locked, names, onMissing)
        : selectFrom(source, names, onMissing),
    );
  }

  sync(folder = '.', options: SyncOptions = {}): Promise<SyncSummary> {
    return (require('./commands/sync/sync') as typeof Sync).sync(this.#syncSource(), folder, options);
  }

  follow(folder = '.', options: FollowOptions = {}): Promise<never> {
    const source = {
      ...this.#syncSource(),
      nextGeneration: (unless: string, signal: AbortSignal) =>
        this.#lister.nextGeneration(unless, { signal, isRepeated: false }, options.onPolling),
    };
    return (require('./commands/sync/follow') as typeof Follow).follow(source, folder, options);
  }

  async watch({ unless, signal }: WatchOptions = {}): Promise<string> {
    if (unless === undefined) return this.#lister.generation();
    return this.#lister.nextGeneration(unless, { signal, isRepeated: true });
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

  #syncSource(): SyncSource {
    return {
      ...this.#downloadSource(),
      reach: () => this.ping(),
      isOf: (generation) => this.#lister.isOf(generation),
    };
  }

  #downloadSource(): DownloadSource {
    const { signal, retries } = this.#settings;
    const lister = this.#lister;
    const source = {
      pool: this.#pool,
      server: this.#settings.identity,
      settings: this.#settings,
      retries,
      signal,
      lister: {
        stat: (name: string) => lister.stat(name),
        hasAny: (globs: readonly string[]) => lister.hasAny(globs),
        hasFolder: (name: string) => lister.hasFolder(name),
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
}

function checkPong(payload: Buffer): void {
  if (payload.length === 0) return;
  throw new ProtocolError('BAD_MESSAGE', 'PONG does not echo the bytes of PING.');
}
