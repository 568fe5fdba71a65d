/* eslint-disable @typescript-eslint/no-require-imports -- import() would start Node's second module loader */
import { isInBlock } from '../../connection';
import type { Progress } from '../progress';
import type * as HasherModule from './hasher';
import type * as WorkerModule from './image-worker';
import type { PlaceOrder } from './order';

/** What is still to come, from which on a worker is worth what it takes to start: small images, and bytes. */
const WORTH_IMAGES = 384;
const WORTH_BYTES = 16 * 1_048_576;
/** The same for large images: until it has begun nothing of them is hashed. */
const WORTH_LARGE_BYTES = 64 * 1_048_576;

/** A worker that comes to be only when there is enough to do. */
export class LateWorker {
  readonly #progress: Progress;
  #isBegun = false;
  #worker: WorkerModule.ImageWorker | undefined;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /**
   * Whether it has proven, written and named the small image that `buffers` hold. They are to stay as they are until
   * then. Undefined where that is left to be done here.
   */
  place(
    buffers: readonly Buffer[],
    order: (pieces: readonly number[]) => PlaceOrder,
  ): Promise<boolean> | undefined {
    // What comes over TLS lies in memory that no other thread can read.
    if (!this.#isBegun && this.#isWorthIt(WORTH_BYTES, WORTH_IMAGES) && buffers.every(isInBlock))
      this.#begin();
    const pieces = this.#worker?.piecesOf(buffers);
    return pieces && this.#worker!.place(order(pieces));
  }

  /** For the bytes of a large image; undefined where they are to be hashed here. */
  hasher(): HasherModule.Hasher | undefined {
    if (!this.#isBegun && this.#isWorthIt(WORTH_LARGE_BYTES)) this.#begin();
    if (!this.#worker) return undefined;
    const { HasherElsewhere } = require('./hasher') as typeof HasherModule;
    return new HasherElsewhere(this.#worker);
  }

  #isWorthIt(bytes: number, images = Infinity): boolean {
    const { imagesTotal, imagesDone, bytesTotal, bytesDone } = this.#progress;
    return imagesTotal - imagesDone >= images || bytesTotal - bytesDone >= bytes;
  }

  #begin(): void {
    this.#isBegun = true;
    const { ImageWorker } = require('./image-worker') as typeof WorkerModule;
    this.#worker = ImageWorker.start();
  }

  /** To be called when nothing is left to be done. */
  close(): void {
    this.#isBegun = true;
    this.#worker?.close();
    this.#worker = undefined;
  }
}
