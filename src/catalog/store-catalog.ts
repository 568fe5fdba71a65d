import { hash } from 'node:crypto';
import { ProtocolError } from '../errors';
import type { Facts } from '../facts';
import type { ImageStore, StoredEntry, StoredState } from '../stores';
import { ActiveImage, Activity } from './activity';
import {
  changed,
  type Catalog,
  type CatalogEntry,
  type DigestQuery,
  type FolderPage,
  type FolderQuery,
  type Found,
  type GenerationQuery,
  type ImageDigests,
  type ListPage,
  type ListQuery,
  type OpenImage,
  type ProvenState,
  type Survey,
  type WalkQuery,
} from './catalog';
import { BackgroundLearning, type BackgroundWork } from './background-learning';
import { DigestJobs, type ImageToHash, type Waiter } from './digests/digest-jobs';
import type { DigestStore, KnownDigests } from './digests/digest-store';
import { FactFinder, type FindFacts } from './facts/fact-finder';
import { openMemory, type CatalogMemory } from './open-memory';
import { cutFolder } from './table/folder';
import { FreshTable } from './table/fresh-table';
import { GenerationWatch } from './table/generation-watch';
import { Generations } from './table/generations';
import { cutPage } from './table/page';
import { walk } from './table/walk';

const DIGEST_BYTES = 32;

export interface CatalogOptions {
  readonly store: ImageStore;
  /** Folder for what is remembered between runs; made if it isn't there. Default: memory only. */
  readonly state?: string | undefined;
  /** Find digests and facts of all images, including new ones, while no client is being served. */
  readonly hashesAll?: boolean | undefined;
  /** The SHA-256 that somebody says an image has, in hexadecimal; not checked. Whoever stored the image counts first. */
  readonly claimOf?: ((image: StoredEntry) => string | undefined) | undefined;
  /** Finds out what an image is; where it is missing, that stays unknown. */
  readonly findFacts?: FindFacts | undefined;
  /** A word for what `findFacts` looks at: facts of another kind are not taken for these. */
  readonly factsKind?: string | undefined;
  /** Called with a sentence on why nothing is remembered although a folder was given, or on what can no longer be read. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export async function openCatalog({
  store,
  state,
  onWarning = () => undefined,
  hashesAll = false,
  claimOf,
  findFacts,
  factsKind = 'plain',
}: CatalogOptions): Promise<Catalog> {
  const memory = await openMemory(state, { identity: store.identity, factsKind }, onWarning);
  return new StoreCatalog(store, memory, { hashesAll, claimOf, findFacts, onWarning });
}

/** The catalog of one store. */
class StoreCatalog implements Catalog {
  readonly #store: ImageStore;
  readonly #memory: CatalogMemory;
  readonly #digests: DigestStore;
  readonly #jobs: DigestJobs;
  readonly #table: FreshTable;
  readonly #generations: Generations;
  readonly #watch: GenerationWatch;
  readonly #settling = new Settling();
  readonly #finder: FactFinder | undefined;
  readonly #claimOf: (image: StoredEntry) => string | undefined;

  readonly #activity = new Activity();
  readonly #background: BackgroundLearning | undefined;

  /**
   * With `hashesAll` the facts of all images are found, and the digests of those without a claim, while nobody is served.
   * `onWarning` hears of what can no longer be read.
   */
  constructor(
    store: ImageStore,
    memory: CatalogMemory,
    {
      hashesAll,
      claimOf = () => undefined,
      findFacts,
      onWarning,
    }: Pick<CatalogOptions, 'hashesAll' | 'claimOf' | 'findFacts' | 'onWarning'>,
  ) {
    this.#store = store;
    this.#memory = memory;
    this.#digests = memory.digests;
    this.#jobs = new DigestJobs(store);
    this.#claimOf = (image) => image.sha256 ?? claimOf(image);
    this.#table = new FreshTable(store, memory.entries, onWarning);
    this.#generations = new Generations(memory.entries);
    this.#watch = new GenerationWatch(store, this.#table, this.#generations);
    if (findFacts) this.#finder = new FactFinder(store, memory.facts, findFacts);
    if (hashesAll) this.#background = new BackgroundLearning(this.#backgroundWork());
    this.#background?.start();
  }

  async list(query: ListQuery): Promise<ListPage> {
    const table = await (query.after === undefined ? this.#table.fresh() : this.#table.latest());
    const page = await cutPage(table, this.#generations, query, (entry) => this.#describe(entry));
    // Somebody is reading a long list, and will ask for the next page at once.
    if (query.after !== undefined) this.#activity.goOn();
    return page;
  }

  nextGeneration(query: GenerationQuery): Promise<string> {
    return this.#watch.next(query);
  }

  async folder(query: FolderQuery): Promise<FolderPage> {
    const table = await (query.after === undefined ? this.#table.fresh() : this.#table.latest());
    return cutFolder(table, query, (entry) => this.#describe(entry));
  }

  async walk(query: WalkQuery): Promise<AsyncIterable<Found>> {
    return walk(await this.#table.fresh(), query);
  }

  async listed(names: readonly string[]): Promise<readonly (CatalogEntry | undefined)[]> {
    const table = await this.#table.latest();
    return names.map((name) => {
      const entry = table.get(name);
      return entry && entry.unreadable === undefined ? this.#describe(entry) : undefined;
    });
  }

  async stat(name: string): Promise<CatalogEntry> {
    const { size, mtime, version, changedAt } = await this.#store.stat(name);
    return this.#describe({ name, size, mtime, version, changedAt });
  }

  get readsAtOnce(): boolean {
    return this.#store.readWhole === undefined;
  }

  async open(name: string, from?: number): Promise<OpenImage> {
    const image = await this.#store.open(name, from);
    return new ActiveImage(name, image, this.#digests.image(name, image.version), this.#activity);
  }

  readAtOnce(name: string, target: Buffer): ProvenState | undefined {
    this.#activity.goOn();
    const state = this.#store.readAtOnce(name, target);
    return state && this.#proven(name, state, target);
  }

  async readWhole(name: string, target: Buffer): Promise<ProvenState | undefined> {
    this.#activity.goOn();
    const state = await this.#store.readWhole?.(name, target);
    return state && this.#proven(name, state, target);
  }

  expectedSize(name: string): number | undefined {
    const entry = this.#memory.entries.get(name);
    return entry?.unreadable === undefined ? entry?.size : undefined;
  }

  async digests(query: DigestQuery): Promise<ImageDigests> {
    const { name, blockSize, first, count } = query;
    const stored = { name, ...(await this.#store.stat(name)) };
    const { size, mtime, version } = stored;
    const state = { size, mtime, version };
    if (query.version !== undefined && query.version !== state.version) throw changed();
    const blockCount = Math.ceil(state.size / blockSize);
    if (first > blockCount) throw new ProtocolError('BAD_RANGE', `The image has only ${blockCount} blocks.`);
    const wantsBlocks = count > 0 && blockCount > 1 && first < blockCount;
    const wanted = { name, ...state, blockSize: wantsBlocks ? blockSize : undefined };
    const known = this.#known(wanted);
    const claimed = !known && !wantsBlocks && query.mayBeClaimed ? this.#claimOf(stored) : undefined;
    const found = claimed === undefined ? (known ?? (await this.#hash(wanted, query))) : { sha256: claimed };
    const all = found.blocks?.bytes ?? oneBlock(found.sha256, blockCount);
    const isClaimed = claimed !== undefined;
    return { ...state, sha256: found.sha256, isClaimed, blocks: hexDigests(all, first, count) };
  }

  knownFacts(image: Pick<CatalogEntry, 'name' | 'version'>): Facts | undefined {
    return this.#finder?.known(image);
  }

  async facts(images: readonly CatalogEntry[], patience: number): Promise<readonly (Facts | undefined)[]> {
    const finder = this.#finder;
    const known = images.map((image) => finder?.known(image));
    const unknown = images.filter((_, i) => known[i] === undefined);
    if (!finder?.isAble || unknown.length === 0) return known;
    await finder.findAll(unknown, patience);
    return images.map((image) => finder.known(image));
  }

  rememberThumbhash(image: Pick<CatalogEntry, 'name' | 'version'>, thumbhash: string): void {
    this.#finder?.keepThumbhash(image, thumbhash);
  }

  rememberDigest(name: string, version: string, sha256: string): void {
    this.#digests.keep(name, version, { sha256 });
  }

  async ready(): Promise<void> {
    await this.#store.look();
  }

  async survey(): Promise<Survey> {
    const { images, bytes } = await this.#table.fresh();
    const { leftOut, leftOutNames } = this.#table.found!;
    return { images, bytes, leftOut, leftOutNames };
  }

  async close(): Promise<void> {
    await this.#background?.close();
    await this.#watch.close();
    this.#memory.entries.close();
    await this.#table.idle();
    await this.#memory.close();
    this.#store.close();
  }

  #backgroundWork(): BackgroundWork {
    return {
      look: () => this.#table.fresh(),
      isKnown: (entry) => this.#knowsFacts(entry) && this.#hasDigest(entry),
      // The second one finds the file where the first has read it: in memory.
      learn: async (entry, pause, signal) => {
        const { name, version, size } = entry;
        if (!this.#hasDigest(entry)) await this.#hash({ name, version, size }, { pause, signal });
        if (!this.#knowsFacts(entry)) await this.#finder?.find(entry, false);
      },
      isBusy: () => this.#activity.isBusy,
    };
  }

  /** A claim is as good here: whoever seeds the digests of a petabyte does not want it to be read. */
  #hasDigest(entry: StoredEntry): boolean {
    return (this.#digests.image(entry.name, entry.version) ?? this.#claimOf(entry)) !== undefined;
  }

  #knowsFacts(entry: StoredEntry): boolean {
    return !this.#finder?.isAble || this.#finder.known(entry) !== undefined;
  }

  /** `bytes` begin with the whole image. */
  #proven(name: string, { size, mtime, version }: StoredState, bytes: Buffer): ProvenState {
    const known = this.#digests.image(name, version);
    const sha256 = known ?? hash('sha256', bytes.subarray(0, size), 'hex');
    if (known === undefined) this.rememberDigest(name, version, sha256);
    return { size, mtime, version, sha256 };
  }

  #describe({ name, size, mtime, version, changedAt }: StoredEntry): CatalogEntry {
    const entry = { name, size, mtime, version, sha256: this.#digests.image(name, version) };
    return this.#settling.isUnsettled(changedAt) ? { ...entry, unsettled: true } : entry;
  }

  #known({ name, version, blockSize }: ImageToHash): KnownDigests | undefined {
    const sha256 = this.#digests.image(name, version);
    if (sha256 === undefined || blockSize === undefined) return sha256 === undefined ? undefined : { sha256 };
    const bytes = this.#digests.blocks(name, version, blockSize);
    return bytes && { sha256, blocks: { blockSize, bytes } };
  }

  async #hash(wanted: ImageToHash, waiter: Waiter): Promise<KnownDigests> {
    const digests = await this.#jobs.digests(wanted, waiter);
    this.#digests.keep(wanted.name, wanted.version, digests);
    return digests;
  }
}

/** The blocks of an image that is at most one block long. */
function oneBlock(sha256: string, blockCount: number): Buffer {
  return blockCount === 1 ? Buffer.from(sha256, 'hex') : Buffer.alloc(0);
}

function hexDigests(all: Buffer, first: number, count: number): string[] {
  const hex: string[] = [];
  for (let at = first * DIGEST_BYTES; hex.length < count && at < all.length; at += DIGEST_BYTES) {
    hex.push(all.toString('hex', at, at + DIGEST_BYTES));
  }
  return hex;
}

/** Milliseconds without a change after which an image counts as settled. */
export const SETTLING = 1000;

/**
 * Tells which images changed a moment ago: somebody may still be writing them. Images that existed at the start are
 * settled. So are times far in the future, after a clock was set back: they must not hold an image up forever.
 */
export class Settling {
  readonly #now: () => number;
  readonly #start: number;

  /** `now` returns milliseconds since 1970, on the clock of the store's times. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#start = now();
  }

  /** Whether an image last changed at `changedAt`, in milliseconds since 1970, may still be changing. */
  isUnsettled(changedAt: number): boolean {
    return changedAt > this.#start && Math.abs(this.#now() - changedAt) < SETTLING;
  }
}
