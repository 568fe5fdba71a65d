/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import { availableParallelism } from 'node:os';
import { sep } from 'node:path';
import type { OutputFolder } from '../../disk/output-folder';
import type { Pool } from '../../net/pool';
import type { Settings } from '../../net/settings';
import type { Progress } from '../../progress';
import type * as LaneModule from './lane';
import type { LaneOptions, News, Order } from './order';
import type * as LaneThreadModule from './lane-thread';

/** How much a lane gets ahead: bytes per connection, more than a fast or long link holds; orders. */
const AHEAD_BYTES = 8 * 1_048_576;
const AHEAD_ORDERS = 64;
/** The same for the lane in this thread while others are starting. */
const AHEAD_UNTIL_THREADS = 2 * 1_048_576;
/** Least images or bytes ordered before threads are started: fewer are done before a thread is ready. */
const SOON_IMAGES = 384;
const SOON_BYTES = 16 * 1_048_576;
/** With this many images or bytes left, threads are worth it: each costs a twentieth of a second of processor time. */
export const WORTH_THREADS = { images: 1500, bytes: 96 * 1_048_576 };
/** Milliseconds that a thread gets no orders after it could not begin one. */
const REST = 1000;

export interface FleetOptions {
  readonly pool: Pool;
  readonly settings: Settings;
  readonly output: OutputFolder;
  readonly overwrite: boolean;
  /** What is known so far about the whole download. */
  readonly progress: Pick<Progress, 'imagesDone' | 'imagesTotal' | 'bytesDone' | 'bytesTotal'>;
}

/** Receives the reports of an order. */
export type OnNews = (news: News) => void;

type NewOrder = Order extends infer One ? (One extends Order ? Omit<One, 'id'> : never) : never;

/** A lane and its orders. */
interface Load {
  readonly lane: { readonly isReady?: boolean; give(order: Order): void };
  readonly connections: number;
  bytes: number;
  orders: number;
  /** Until then other lanes are preferred: it could not begin an order. In terms of `performance.now()`. */
  restsUntil: number;
}

/** An order in progress. */
interface Given {
  readonly order: Order;
  readonly onNews: OnNews;
  readonly onFallback: () => void;
  load: Load;
  /** Lanes that could not begin it. */
  readonly tried: Load[];
  hasBegun: boolean;
}

/** The lanes of a download: one in this thread, and others in their own threads once there is enough work. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #here: Load;
  #laneHere: LaneModule.Lane | undefined;
  readonly #threads: (Load & { readonly lane: LaneThreadModule.LaneThread })[] = [];
  readonly #given = new Map<number, Given>();
  #lastId = 0;
  #images = 0;
  #bytes = 0;
  #isBegun = false;
  #waiting: (() => void)[] = [];
  readonly #end = () => void this.close();

  constructor(options: FleetOptions) {
    this.#options = options;
    const { pool } = options;
    pool.ended.addEventListener('abort', this.#end);
    this.#here = {
      // Loaded with its first order: a single image should not have to wait for it.
      lane: { give: (order) => (this.#laneHere ??= this.#newLane()).give(order) },
      connections: pool.connections,
      bytes: 0,
      orders: 0,
      restsUntil: 0,
    };
  }

  /** Whether the server is known to be up and to support FETCH. */
  get isUsable(): boolean {
    return this.#options.pool.canFetch;
  }

  /** Number of connections of all lanes. */
  get connections(): number {
    return this.#options.settings.connections;
  }

  /** Whether nothing is in progress. */
  get isIdle(): boolean {
    return this.#given.size === 0;
  }

  /** Whether some lane should get more work. */
  get hasRoom(): boolean {
    const load = this.#freest();
    const isAlone = load === this.#here && !this.#threads.some(({ lane }) => lane.isBeginning);
    const most = load !== this.#here || isAlone ? AHEAD_BYTES * load.connections : AHEAD_UNTIL_THREADS;
    return load.bytes < most && load.orders < AHEAD_ORDERS;
  }

  async room(): Promise<void> {
    while (!this.hasRoom) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Carries out `order`, which brings this many images. `onNews` gets its reports, the last one with `isLast`.
   * `onFallback` is called if no thread could begin it: it then waits for this thread's connections, which retry.
   */
  give(newOrder: NewOrder, images: number, onNews: OnNews, onFallback: () => void = () => undefined): void {
    const order: Order = { ...newOrder, id: ++this.#lastId };
    this.#images += images;
    this.#bytes += order.expected;
    if (!this.#isBegun && this.#isWorthThreads) this.#begin();
    const given: Given = { order, onNews, onFallback, load: this.#freest(), tried: [], hasBegun: false };
    this.#given.set(order.id, given);
    this.#hand(given);
  }

  #hand({ order, load }: Given): void {
    load.bytes += order.expected;
    load.orders++;
    load.lane.give(order);
  }

  get #isWorthThreads(): boolean {
    if (this.#images < SOON_IMAGES && this.#bytes < SOON_BYTES) return false;
    const { imagesDone, imagesTotal, bytesDone, bytesTotal } = this.#options.progress;
    const images = Math.max(this.#images, imagesTotal - imagesDone);
    const bytes = Math.max(this.#bytes, bytesTotal - bytesDone);
    return images >= WORTH_THREADS.images || bytes >= WORTH_THREADS.bytes;
  }

  /** Resolves when nothing more is being written. */
  async close(): Promise<void> {
    const { pool } = this.#options;
    pool.ended.removeEventListener('abort', this.#end);
    await Promise.all(this.#threads.map(({ lane }) => lane.close()));
    for (const { connections } of this.#threads.splice(0)) pool.takeBack(connections);
  }

  #heard(news: News): void {
    const given = this.#given.get(news.id)!;
    if (news.bytes > 0 || news.outcomes.length > 0) {
      given.hasBegun = true;
      this.#options.pool.progressed();
    }
    if (news.isLast) {
      given.load.bytes -= given.order.expected;
      given.load.orders--;
      if (this.#isForAnother(given)) return this.#handOn(given);
      this.#given.delete(news.id);
    }
    given.onNews(news);
    if (news.isLast) this.#wake();
  }

  /** The lane in this thread comes last: its connections have retried as often as was asked for. */
  #isForAnother({ hasBegun, load }: Given): boolean {
    return !hasBegun && load !== this.#here && !this.#options.pool.ended.aborted;
  }

  #handOn(given: Given): void {
    given.load.restsUntil = performance.now() + REST;
    given.tried.push(given.load);
    given.load = this.#freest(given.tried);
    if (given.load === this.#here) given.onFallback();
    this.#hand(given);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #freest(except: readonly Load[] = []): Load {
    const now = performance.now();
    let best: Load | undefined;
    for (const load of this.#threads) {
      if (!load.lane.isReady || load.restsUntil > now || except.includes(load)) continue;
      if (!best || load.bytes < best.bytes) best = load;
    }
    return best ?? this.#here;
  }

  #begin(): void {
    this.#isBegun = true;
    const { settings } = this.#options;
    // One connection stays here, for lists and what lanes can't bring. A rate limit must be counted in one place.
    const connections = settings.bytesPerSecond === undefined ? settings.connections - 1 : 0;
    const processors = availableParallelism();
    const count = processors > 1 ? Math.min(processors, connections) : 0;
    for (let i = 0; i < count; i++) this.#startThread(Math.floor((connections + count - 1 - i) / count));
  }

  #startThread(connections: number): void {
    const { LaneThread } = require('./lane-thread') as typeof LaneThreadModule;
    const { pool, settings } = this.#options;
    const options = this.#laneOptions(this.#threads.length + 1);
    const lane = LaneThread.start(
      { ...settings, connections, retries: 0, turn: settings.turn + this.#threads.length + 1 },
      options,
      (news) => this.#heard(news),
      () => this.#wake(),
    );
    if (!lane) return;
    pool.lend(connections);
    this.#threads.push({ lane, connections, bytes: 0, orders: 0, restsUntil: 0 });
  }

  #newLane(): LaneModule.Lane {
    const { Lane } = require('./lane') as typeof LaneModule;
    return new Lane(this.#options.pool, this.#laneOptions(0), (news) => this.#heard(news));
  }

  #laneOptions(number: number): LaneOptions {
    const { output, overwrite } = this.#options;
    const prefix = output.root.endsWith(sep) ? output.root : `${output.root}${sep}`;
    return { prefix, keepsOthers: !overwrite, number };
  }
}
