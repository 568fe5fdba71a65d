import { hash } from 'node:crypto';
import { ResoError } from '../errors';
import { DEFAULT_CACHE_SIZE, DiskCache } from './cache/disk-cache';
import { Crashes, type Facts } from '../facts';
import { Flight, type WaitOptions } from './flight';
import type { Done } from './pool/job';
import { Pool, POOL_LIMITS, type PoolLimits } from './pool/pool';
import { checkPart, describePart, isLarge, type Part } from './part';
import { findProgram } from './program';
import { Pyramids } from './pyramids';
import type { PyramidFile } from './cache/pyramid-file';
import { RecentRenditions } from './cache/recent';
import { checkRecipe, describeRecipe, hasThumbhash, type Recipe } from './recipe';
import type { Rendition } from './rendition';
import type { OpenedSource, OpenSource, RenderRequest } from './source';
import { Spool, type OpenedImage } from './spool';
import type { PyramidShape, Task } from './wire/messages';

const CRASHED_TOO_OFTEN = 'The image has crashed the decoder twice and is not tried again.';

export interface RendererOptions {
  /** Folder for renditions, created if missing. Without it nothing is cached. */
  readonly cache?: string | undefined;
  /** Its maximum size in bytes: 2 GiB by default. */
  readonly cacheSize?: number | undefined;
  /** Number of decoder processes: one per processor by default, at most four. */
  readonly children?: number | undefined;
  /** Whether facts include where an image was taken. */
  readonly gps?: boolean | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
  /** File of the child's program, for tests, which run from source. */
  readonly program?: string | undefined;
  /** Milliseconds that a request for a part of a large image waits for its pyramid: 10 seconds by default. */
  readonly hold?: number | undefined;
  /** Images of more pixels count as large: 16 million by default. */
  readonly large?: number | undefined;
  /** For tests. */
  readonly limits?: Partial<Omit<PoolLimits, 'children'>> | undefined;
}

export interface RenderCounts {
  readonly queued: number;
  readonly running: number;
  readonly rendered: number;
  /** Pyramids made. */
  readonly pyramids: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly cacheBytes: number;
  /** Children that crashed or had to be killed. */
  readonly restarts: number;
  readonly failed: number;
}

const HOLD = 10_000;

/** Undefined if sharp can't be loaded or there is no /proc: `onWarning` is told why. */
export async function openRenderer(options: RendererOptions): Promise<Renderer | undefined> {
  const warn = options.onWarning ?? (() => undefined);
  try {
    return await open(options, warn);
  } catch (error) {
    warn(`Images can't be rendered: ${(error as Error).message}.`);
    return undefined;
  }
}

async function open(options: RendererOptions, onWarning: (message: string) => void): Promise<Renderer> {
  const { children = POOL_LIMITS.children, cache: root, cacheSize: limit = DEFAULT_CACHE_SIZE } = options;
  const pool = new Pool(findProgram(options.program), { ...POOL_LIMITS, children, ...options.limits });
  try {
    const { sharp, vips } = await pool.start();
    const versions = `sharp ${sharp} libvips ${vips}`;
    const cache = root === undefined ? undefined : await DiskCache.open({ root, limit, versions, onWarning });
    return new PoolRenderer(pool, cache, options, new Spool(root));
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** Renditions and facts of images. */
export interface Renderer {
  /**
   * From the cache, or rendered now: only once for the same image and recipe, however many ask. Throws NOT_RENDERABLE,
   * RENDER_FAILED, CHANGED, BUSY, CLOSING, ABORTED, and what `open` throws.
   */
  render(request: RenderRequest, recipe: Recipe, options?: WaitOptions): Promise<Rendition>;
  /**
   * A part of the upright image. That of a large one is cut from a pyramid, which is made first and kept in the cache.
   * Throws as `render` does, and BUSY if that takes long: try again then.
   */
  part(request: RenderRequest, part: Part, options?: WaitOptions): Promise<Rendition>;
  /** From the header alone. Throws as `render` does. */
  facts(open: OpenSource, options?: WaitOptions): Promise<Facts>;
  /** Makes an image readable for `open`. Takes it over. Throws NOT_RENDERABLE, BUSY, and what reading it throws. */
  sourceOf(image: OpenedImage): Promise<OpenedSource>;
  readonly counts: RenderCounts;
  /** Resolves when no child is left and nothing is being written. Pending requests fail with CLOSING. */
  close(): Promise<void>;
}

class PoolRenderer implements Renderer {
  readonly #pool: Pool;
  readonly #cache: DiskCache | undefined;
  readonly #recent: RecentRenditions | undefined;
  readonly #pyramids: Pyramids | undefined;
  readonly #large: number | undefined;
  readonly #withGps: boolean;
  readonly #spool: Spool;
  readonly #crashes = new Crashes();
  readonly #flights = new Map<string, Flight<Rendition>>();
  #rendered = 0;
  #failed = 0;

  constructor(pool: Pool, cache: DiskCache | undefined, options: RendererOptions, spool: Spool) {
    this.#pool = pool;
    this.#cache = cache;
    this.#recent = cache && new RecentRenditions();
    const make = this.#makePyramid.bind(this);
    this.#pyramids = cache && new Pyramids(cache, make, options.hold ?? HOLD);
    this.#large = options.large;
    this.#withGps = options.gps ?? false;
    this.#spool = spool;
  }

  async render(request: RenderRequest, recipe: Recipe, options: WaitOptions = {}): Promise<Rendition> {
    checkRecipe(recipe);
    const id = idOf(request.sha256, describeRecipe(recipe));
    const recent = this.#recent?.get(id);
    if (recent) return recent;
    const task = { kind: 'render', recipe, withThumbhash: hasThumbhash(recipe) } as const;
    return this.#share(id, options, (flight) =>
      this.#find(id, () => this.#make(request.sha256, task, request.open, flight)),
    );
  }

  async part(request: RenderRequest, part: Part, options: WaitOptions = {}): Promise<Rendition> {
    checkPart(part);
    const id = idOf(request.sha256, describePart(part));
    const recent = this.#recent?.get(id);
    if (recent) return recent;
    return this.#share(id, options, async (flight) => {
      const pyramid = isLarge(part, this.#large) ? await this.#pyramidOf(request, flight) : undefined;
      if (pyramid) return this.#cut(request, part, pyramid, flight);
      const task = { kind: 'part', part } as const;
      return this.#find(id, () => this.#make(request.sha256, task, request.open, flight));
    });
  }

  async facts(open: OpenSource, options: WaitOptions = {}): Promise<Facts> {
    const task = { kind: 'facts', withGps: this.#withGps } as const;
    const flight = new Flight<Done>((one) => this.#carryOut(task, open, one), options.urgent ?? false);
    const { answer } = await flight.wait(options);
    if (answer.kind !== 'facts') throw mixedUp();
    return answer.facts;
  }

  sourceOf(image: OpenedImage): Promise<OpenedSource> {
    return this.#spool.sourceOf(image);
  }

  get counts(): RenderCounts {
    return {
      queued: this.#pool.queued,
      running: this.#pool.running,
      rendered: this.#rendered,
      pyramids: this.#pyramids?.made ?? 0,
      cacheHits: (this.#cache?.hits ?? 0) + (this.#recent?.hits ?? 0),
      cacheMisses: this.#cache?.misses ?? 0,
      cacheBytes: this.#cache?.size ?? 0,
      restarts: this.#pool.restarts,
      failed: this.#failed,
    };
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#pyramids?.close();
    await this.#cache?.close();
  }

  /** Does the same work once, however many ask. */
  #share(
    id: string,
    options: WaitOptions,
    work: (flight: Flight<Rendition>) => Promise<Made>,
  ): Promise<Rendition> {
    let flight = this.#flights.get(id);
    if (!flight || flight.isDropped) {
      flight = new Flight((one) => this.#land(id, one, work(one)), options.urgent ?? false);
      this.#flights.set(id, flight);
    }
    return flight.wait(options);
  }

  async #land(id: string, flight: Flight<Rendition>, work: Promise<Made>): Promise<Rendition> {
    let stored: Promise<void> | undefined;
    try {
      const made = await work;
      stored = made.stored;
      return made.rendition;
    } finally {
      // Until it is in the cache, new callers share this one.
      void (stored ?? Promise.resolve()).then(() => {
        if (this.#flights.get(id) === flight) this.#flights.delete(id);
      });
    }
  }

  async #find(id: string, make: () => Promise<Rendition>): Promise<Made> {
    const key = keyOf(id);
    const cached = await this.#cache?.get(key);
    const rendition = cached ?? (await make());
    this.#recent?.add(id, rendition);
    return cached ? { rendition } : { rendition, stored: this.#cache?.put(key, rendition) };
  }

  #pyramidOf(request: RenderRequest, flight: Flight<Rendition>): Promise<PyramidFile | undefined> {
    const left = new AbortController();
    flight.onLeft = () => {
      left.abort();
      return true;
    };
    const options = { signal: left.signal, urgent: flight.isUrgent };
    return this.#pyramids?.get(request, options) ?? Promise.resolve(undefined);
  }

  /** Not cached: reading it would save little. */
  async #cut(
    request: RenderRequest,
    part: Part,
    pyramid: PyramidFile,
    flight: Flight<Rendition>,
    isRetry = false,
  ): Promise<Made> {
    const task = { kind: 'part', part, pyramid: pyramid.shape } as const;
    try {
      return { rendition: await this.#make(request.sha256, task, async () => pyramid.use(), flight) };
    } catch (error) {
      const isDamaged = error instanceof ResoError && DAMAGES.includes(error.code);
      if (!isDamaged || isRetry) throw error;
      await this.#pyramids?.discard(request.sha256, pyramid);
      const another = await this.#pyramidOf(request, flight);
      if (!another) throw error;
      return this.#cut(request, part, another, flight, true);
    }
  }

  async #make(sha256: string, task: Task, open: OpenSource, flight: Flight<unknown>): Promise<Rendition> {
    const { answer, bytes } = await this.#decode(sha256, task, open, flight);
    if (answer.kind !== 'rendition') throw mixedUp();
    this.#rendered++;
    const { type, width, height, thumbhash } = answer;
    return { bytes, type, width, height, ...(thumbhash === undefined ? {} : { thumbhash }) };
  }

  async #makePyramid(
    { sha256, open }: RenderRequest,
    place: { readonly target: string; readonly scratch: string },
    flight: Flight<unknown>,
  ): Promise<PyramidShape> {
    const { answer } = await this.#decode(sha256, { kind: 'pyramid', ...place }, open, flight);
    if (answer.kind !== 'pyramid') throw mixedUp();
    return answer.shape;
  }

  async #decode(sha256: string, task: Task, open: OpenSource, flight: Flight<unknown>): Promise<Done> {
    if (this.#crashes.areTooMany(sha256)) throw new ResoError('NOT_RENDERABLE', CRASHED_TOO_OFTEN);
    try {
      return await this.#carryOut(task, open, flight);
    } catch (error) {
      if (error instanceof ResoError && error.code === 'RENDER_FAILED') this.#crashes.note(sha256);
      throw error;
    }
  }

  async #carryOut(task: Task, open: OpenSource, flight: Flight<unknown>): Promise<Done> {
    if (flight.isDropped) throw new ResoError('ABORTED', 'All callers have cancelled.');
    const job = this.#pool.submit(task, open, flight.isUrgent);
    flight.onUrgent = () => this.#pool.urge(job);
    flight.onLeft = () => this.#pool.drop(job);
    try {
      return await job.done;
    } catch (error) {
      if (!(error instanceof ResoError) || !NO_FAILURES.includes(error.code)) this.#failed++;
      throw error;
    }
  }
}

interface Made {
  readonly rendition: Rendition;
  /** Resolves when it is in the cache, if it is put there. */
  readonly stored?: Promise<void> | undefined;
}

/** A pyramid that can't be decoded, or that was closed in the meantime. */
const DAMAGES: readonly string[] = ['NOT_RENDERABLE', 'UNREADABLE'];

/** These say nothing about the image or the decoder. */
const NO_FAILURES: readonly string[] = ['ABORTED', 'CLOSING', 'BUSY', 'CHANGED'];

function idOf(sha256: string, description: string): string {
  return `${sha256} ${description}`;
}

/** The name of its file: a digest, so that no part of a request ends up in a path. */
function keyOf(id: string): string {
  return hash('sha256', id);
}

function mixedUp(): ResoError {
  return new ResoError('RENDER_FAILED', 'The decoder sent the wrong kind of answer.');
}
