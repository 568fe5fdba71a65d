/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import { isInBlock } from '../../connection';
import type { Progress } from '../progress';
import type { Order } from './order';
import type * as PlacerModule from './placer';

/** Images, and their bytes, that are still to come, from which on a thread is worth what it takes to start. */
const WORTH_IMAGES = 384;
const WORTH_BYTES = 16 * 1_048_576;

/** A placer that comes to be only when there is enough to do. */
export class LatePlacer {
  readonly #progress: Progress;
  #isDecided = false;
  #placer: PlacerModule.Placer | undefined;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /**
   * Whether another thread has proven, written and named the small image that `buffers` hold. They are to stay as they
   * are until then. Undefined where there is no such thread.
   */
  place(buffers: readonly Buffer[], order: Omit<Order, 'pieces'>): Promise<boolean> | undefined {
    if (!this.#isDecided && this.#isWorthIt) this.#start(buffers);
    const pieces = this.#placer?.piecesOf(buffers);
    return pieces && this.#placer!.place({ ...order, pieces });
  }

  get #isWorthIt(): boolean {
    const { imagesTotal, imagesDone, bytesTotal, bytesDone } = this.#progress;
    return imagesTotal - imagesDone >= WORTH_IMAGES || bytesTotal - bytesDone >= WORTH_BYTES;
  }

  #start(buffers: readonly Buffer[]): void {
    this.#isDecided = true;
    // What comes over TLS lies in memory that no other thread can read.
    if (!buffers.every(isInBlock)) return;
    const { Placer } = require('./placer') as typeof PlacerModule;
    this.#placer = Placer.start();
  }

  /** To be called when nothing is left to be placed. */
  close(): void {
    this.#isDecided = true;
    this.#placer?.close();
    this.#placer = undefined;
  }
}
