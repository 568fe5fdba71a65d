import { createHash, type Hash } from 'node:crypto';
import type { ImageWorker } from './image-worker';

/** Hashes bytes that come one behind the other. */
export interface Hasher {
  /** Takes the next bytes. Resolves when they are no longer needed; undefined: they are not. */
  update(bytes: Buffer): Promise<void> | undefined;
  /** SHA-256 of all, hexadecimal; undefined where it can't be told any more. */
  digest(): Promise<string | undefined>;
}

export class HasherHere implements Hasher {
  readonly #hash: Hash;

  constructor(hash = createHash('sha256')) {
    this.#hash = hash;
  }

  update(bytes: Buffer): undefined {
    this.#hash.update(bytes);
  }

  digest(): Promise<string> {
    return Promise.resolve(this.#hash.digest('hex'));
  }
}

/** Leaves it to another thread. */
export class HasherElsewhere implements Hasher {
  readonly #worker: ImageWorker;
  readonly #stream: number;

  constructor(worker: ImageWorker) {
    this.#worker = worker;
    this.#stream = worker.newStream();
  }

  update(bytes: Buffer): Promise<void> {
    return this.#worker.hash(this.#stream, bytes);
  }

  digest(): Promise<string | undefined> {
    return this.#worker.digest(this.#stream);
  }
}
