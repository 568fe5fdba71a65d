import { hash } from 'node:crypto';
import { ResoError } from '../errors';
import { DEFAULT_CACHE_SIZE, DiskCache } from './cache/disk-cache';
import { Crashes } from './crashes';
import type { Facts } from '../facts';
import { Flight, type WaitOptions } from './flight';
import type { Done } from './pool/job';
import { Pool, POOL_LIMITS, type PoolLimits } from './pool/pool';
import { findProgram } from './program';
import { checkRecipe, describeRecipe, hasThumbhash, type Recipe } from './recipe';
import type { Rendition } from './rendition';
import type { OpenedSource, OpenSource, RenderRequest } from './source';
import { Spool, type OpenedImage } from './spool';
import type { Task } from './wire/messages';

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
  /** For tests. */
  readonly limits?: Partial<Omit<PoolLimits, 'children'>> | undefined;
}

export interface RenderCounts {
  readonly queued: number;
  readonly running: number;
  readonly rendered: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly cacheBytes: number;
  /** Children that crashed or had to be killed. */
  readonly restarts: number;
  readonly failed: number;
}

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
    return new PoolRenderer(pool, cache, options.gps ?? false, new Spool(root));
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
  /** From the cache only. */
  cached(sha256: string, recipe: Recipe): Promise<Rendition | undefined>;
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
  readonly #withGps: boolean;
  readonly #spool: Spool;
  readonly #crashes = new Crashes();
  readonly #flights = new Map<string, Flight<Rendition>>();
  #rendered = 0;
  #failed = 0;

  constructor(pool: Pool, cache: DiskCache | undefined, withGps: boolean, spool: Spool) {
    this.#pool = pool;
    this.#cache = cache;
    this.#withGps = withGps;
    this.#spool = spool;
  }

  async render(request: RenderRequest, recipe: Recipe, options: WaitOptions = {}): Promise<Rendition> {
    checkRecipe(recipe);
    const key = keyOf(request.sha256, recipe);
    let flight = this.#flights.get(key);
    if (!flight || flight.isDropped) {
      const work = (new_: Flight<Rendition>) => this.#find(key, request, recipe, new_);
      flight = new Flight(work, options.urgent ?? false);
      this.#flights.set(key, flight);
    }
    return flight.wait(options);
  }

  async cached(sha256: string, recipe: Recipe): Promise<Rendition | undefined> {
    return this.#cache?.get(keyOf(sha256, recipe));
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
      cacheHits: this.#cache?.hits ?? 0,
      cacheMisses: this.#cache?.misses ?? 0,
      cacheBytes: this.#cache?.size ?? 0,
      restarts: this.#pool.restarts,
      failed: this.#failed,
    };
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#cache?.close();
  }

  async #find(
    key: string,
    request: RenderRequest,
    recipe: Recipe,
    flight: Flight<Rendition>,
  ): Promise<Rendition> {
    let stored: Promise<void> | undefined;
    try {
      const cached = await this.#cache?.get(key);
      if (cached) return cached;
      const rendition = await this.#make(request, recipe, flight);
      stored = this.#cache?.put(key, rendition);
      return rendition;
    } finally {
      // Until it is in the cache, new callers share this one.
      void (stored ?? Promise.resolve()).then(() => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      });
    }
  }

  async #make(
    { sha256, open }: RenderRequest,
    recipe: Recipe,
    flight: Flight<Rendition>,
  ): Promise<Rendition> {
    this.#crashes.check(sha256);
    const task = { kind: 'render', recipe, withThumbhash: hasThumbhash(recipe) } as const;
    try {
      const { answer, bytes } = await this.#carryOut(task, open, flight);
      if (answer.kind !== 'rendition') throw mixedUp();
      this.#rendered++;
      const { type, width, height, thumbhash } = answer;
      return { bytes, type, width, height, ...(thumbhash === undefined ? {} : { thumbhash }) };
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

/** These say nothing about the image or the decoder. */
const NO_FAILURES: readonly string[] = ['ABORTED', 'CLOSING', 'BUSY', 'CHANGED'];

/** A digest, so that no part of a request ends up in a path. */
function keyOf(sha256: string, recipe: Recipe): string {
  return hash('sha256', `${sha256} ${describeRecipe(recipe)}`);
}

function mixedUp(): ResoError {
  return new ResoError('RENDER_FAILED', 'The decoder sent the wrong kind of answer.');
}
