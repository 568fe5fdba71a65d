import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Settings } from '../../net/settings';
import { type LaneOptions, unpackNews, type Order, type Tell } from './order';
import type { ThreadData, ThreadMessage } from './thread';

/** Heap limit in MB: far more than it needs. */
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
/** Milliseconds that a thread has to finish its current image once nothing more is wanted. */
const PATIENCE = 2000;

/** A lane in its own thread, with its own connections. */
export class LaneThread {
  readonly #worker: Worker;
  readonly #tell: Tell;
  readonly #onReady: () => void;
  /** Orders in progress. */
  readonly #orders = new Set<number>();
  readonly #ended: Promise<void>;
  #state: 'beginning' | 'ready' | 'gone' = 'beginning';

  private constructor(program: string, data: ThreadData, tell: Tell, onReady: () => void) {
    this.#tell = tell;
    this.#onReady = onReady;
    // Node's warnings in the thread would go straight to this process's stderr.
    const execArgv = ['--no-warnings'];
    this.#worker = new Worker(program, { workerData: data, resourceLimits: LIMITS, execArgv });
    this.#worker.on('message', (message: ThreadMessage) => {
      if (message) return this.#heard(message);
      this.#state = 'ready';
      onReady();
    });
    // Its orders are then downloaded on the regular path.
    this.#worker.on('error', () => undefined);
    this.#ended = new Promise((resolve) => this.#worker.on('exit', () => resolve(this.#exited())));
  }

  /** `onReady` is called once it accepts orders, or never will. Undefined if it can't be started (not built, no memory). */
  static start(
    settings: Settings,
    options: LaneOptions,
    tell: Tell,
    onReady: () => void,
    programs = PROGRAMS,
  ): LaneThread | undefined {
    const program = programs.find((path) => existsSync(path));
    if (program === undefined) return undefined;
    // Functions and signals can't be sent to a thread.
    const plain = { ...settings, onRetry: undefined, signal: undefined };
    try {
      return new LaneThread(program, { settings: plain, options }, tell, onReady);
    } catch {
      return undefined;
    }
  }

  get isBeginning(): boolean {
    return this.#state === 'beginning';
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  /** Call it only while the thread is ready. */
  give(order: Order): void {
    this.#orders.add(order.id);
    this.#worker.postMessage(order);
  }

  /** Resolves when nothing more is being written. */
  async close(): Promise<void> {
    if (this.#state === 'gone') return;
    this.#worker.postMessage(undefined);
    const timer = setTimeout(() => void this.#worker.terminate(), PATIENCE);
    await this.#ended;
    clearTimeout(timer);
  }

  #heard(message: NonNullable<ThreadMessage>): void {
    const news = unpackNews(message);
    if (news.isLast) this.#orders.delete(news.id);
    this.#tell(news);
  }

  #exited(): void {
    const hasBegun = this.#state !== 'beginning';
    this.#state = 'gone';
    for (const id of this.#orders) this.#tell({ id, outcomes: [], bytes: 0, isLast: true });
    this.#orders.clear();
    if (!hasBegun) this.#onReady();
  }
}

/** Relative to the library's file, and to the bundled program. */
const PROGRAMS = [join(__dirname, 'thread.js'), join(__dirname, '../client/transfer/lanes/thread.js')];
