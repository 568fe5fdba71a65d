import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { release, retain, shareBlocks } from '../../connection';
import { pack } from './batch';
import type { Answer, Order, PlaceOrder } from './order';

/** Orders that are handed over at once, at most. */
const BATCH = 64;

/** Enough by far for what it does: MB. */
const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };

type Settle = (done: boolean | string) => void;

/** A thread that hashes images, and writes and names small ones, while the network has its turn here. */
export class ImageWorker {
  readonly #worker: Worker;
  readonly #memory: SharedArrayBuffer;
  #state: 'beginning' | 'ready' | 'gone' = 'beginning';
  #orders: Order[] = [];
  /** Who waits for those, and for the batches that were handed over. */
  #settles: Settle[] = [];
  readonly #batches: Settle[][] = [];
  #streams = 0;

  private constructor(program: string) {
    this.#memory = shareBlocks();
    // What Node warns of there would go straight to this process's stderr.
    const execArgv = ['--no-warnings'];
    this.#worker = new Worker(program, { workerData: this.#memory, resourceLimits: LIMITS, execArgv });
    this.#worker.once('message', () => {
      this.#state = 'ready';
      this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    });
    // All that it was to do is done here then.
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => this.#ended());
  }

  /** Undefined where there is no processor for it, its program was not built, or the system has no thread or memory left. */
  static start(programs = PROGRAMS): ImageWorker | undefined {
    const program = availableParallelism() > 1 ? programs.find((path) => existsSync(path)) : undefined;
    try {
      return program === undefined ? undefined : new ImageWorker(program);
    } catch {
      return undefined;
    }
  }

  /** Where `buffers` lie in the memory that is shared with it; undefined where it can't be asked, or not yet. */
  piecesOf(buffers: readonly Buffer[]): readonly number[] | undefined {
    if (this.#state !== 'ready') return undefined;
    const pieces: number[] = [];
    for (const buffer of buffers) {
      if (!this.#reaches(buffer)) return undefined;
      pieces.push(buffer.byteOffset, buffer.length);
    }
    return pieces;
  }

  /** Whether the order was carried out: its bytes are to stay as they are until then. */
  place(order: PlaceOrder): Promise<boolean> {
    return this.#give(order) as Promise<boolean>;
  }

  /** A number for bytes that are to be hashed one behind the other. */
  newStream(): number {
    return this.#streams++;
  }

  /** Hashes `bytes`, which came from a connection, behind those before. Resolves when they are no longer needed. */
  async hash(stream: number, bytes: Buffer): Promise<void> {
    // All memory that a view lies in would go over, and not only what it shows.
    if (!this.#reaches(bytes)) return void (await this.#give({ stream, bytes: new Uint8Array(bytes) }));
    retain(bytes);
    await this.#give({ stream, bytes: [bytes.byteOffset, bytes.length] });
    release(bytes);
  }

  /** SHA-256 of a stream, hexadecimal; undefined where the thread has ended. */
  async digest(stream: number): Promise<string | undefined> {
    const digest = await this.#give({ stream });
    return typeof digest === 'string' ? digest : undefined;
  }

  /** To be called when no order is left. */
  close(): void {
    void this.#worker.terminate();
  }

  #reaches({ buffer }: Buffer): boolean {
    return buffer === this.#memory;
  }

  #give(order: Order): Promise<boolean | string> {
    return new Promise((settle) => {
      if (this.#orders.length === 0) setImmediate(() => this.#handOver());
      this.#orders.push(order);
      this.#settles.push(settle);
      if (this.#orders.length >= BATCH) this.#handOver();
    });
  }

  #handOver(): void {
    if (this.#orders.length === 0) return;
    this.#batches.push(this.#settles);
    this.#settles = [];
    if (this.#state === 'gone') this.#settleAll();
    else this.#worker.postMessage(pack(this.#orders));
    this.#orders = [];
  }

  #settle(answer: Answer): void {
    const settles = this.#batches.shift() ?? [];
    settles.forEach((settle, i) => settle(answer[i] ?? false));
  }

  #settleAll(): void {
    while (this.#batches.length > 0) this.#settle([]);
  }

  #ended(): void {
    this.#state = 'gone';
    this.#settleAll();
  }
}

/** Beside the library's own file, and as the program sees it. */
const PROGRAMS = [join(__dirname, 'thread.js'), join(__dirname, '../client/worker/thread.js')];
