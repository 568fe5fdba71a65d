import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { shareBlocks } from '../../connection';
import type { Answer, Order } from './order';

/** Orders that are handed over at once, at most. */
const BATCH = 64;

/** Enough by far for what it does: MB. */
const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

type Settle = (isDone: boolean) => void;

/** A thread that proves, writes and names small images while the network has its turn here. */
export class Placer {
  readonly #worker: Worker;
  readonly #memory: SharedArrayBuffer;
  /** Whether it takes orders: not before it has begun, and not after it has ended. */
  #isReady = false;
  #orders: Order[] = [];
  /** Who waits for those, and for the batches that were handed over. */
  #settles: Settle[] = [];
  readonly #batches: Settle[][] = [];

  private constructor(file: string) {
    this.#memory = shareBlocks();
    this.#worker = new Worker(file, { workerData: this.#memory, resourceLimits: LIMITS });
    this.#worker.once('message', () => {
      this.#isReady = true;
      this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    });
    // All that it was to do is done here then.
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => this.#ended());
  }

  /** Undefined where there is no processor for it, or the program was not built. */
  static start(files = FILES): Placer | undefined {
    const file = availableParallelism() > 1 ? files.find((path) => existsSync(path)) : undefined;
    return file === undefined ? undefined : new Placer(file);
  }

  /** Where `buffers` lie in the memory that is shared with the thread; undefined where it can't be asked. */
  piecesOf(buffers: readonly Buffer[]): readonly number[] | undefined {
    if (!this.#isReady || !buffers.every(({ buffer }) => buffer === this.#memory)) return undefined;
    return buffers.flatMap(({ byteOffset, length }) => [byteOffset, length]);
  }

  /** Whether the order was carried out: its bytes are to stay as they are until then. */
  place(order: Order): Promise<boolean> {
    return new Promise((settle) => {
      if (this.#orders.length === 0) setImmediate(() => this.#handOver());
      this.#orders.push(order);
      this.#settles.push(settle);
      if (this.#orders.length >= BATCH) this.#handOver();
    });
  }

  /** To be called when no order is left. */
  close(): void {
    void this.#worker.terminate();
  }

  #handOver(): void {
    if (this.#orders.length === 0) return;
    this.#batches.push(this.#settles);
    this.#settles = [];
    if (this.#isReady) this.#worker.postMessage(this.#orders);
    this.#orders = [];
    if (!this.#isReady) this.#ended();
  }

  #settle(answer: Answer): void {
    const settles = this.#batches.shift() ?? [];
    settles.forEach((settle, i) => settle(answer[i] ?? false));
  }

  #ended(): void {
    this.#isReady = false;
    while (this.#batches.length > 0) this.#settle([]);
  }
}

/** The library's own file, and the same seen from the program. */
const FILES = [join(__dirname, 'worker.js'), join(__dirname, '../client/thread/worker.js')];
