import { createHash, type Hash } from 'node:crypto';
import type { HashOrder } from './order';

/** The hashes of large images whose bytes are still coming. */
export class Streams {
  readonly #memory: SharedArrayBuffer;
  readonly #hashes = new Map<number, Hash>();

  constructor(memory: SharedArrayBuffer) {
    this.#memory = memory;
  }

  carryOut({ stream, bytes }: HashOrder): string | true {
    const hash = this.#hashes.get(stream) ?? createHash('sha256');
    if (!bytes) {
      this.#hashes.delete(stream);
      return hash.digest('hex');
    }
    hash.update(bytes instanceof Uint8Array ? bytes : Buffer.from(this.#memory, ...bytes));
    this.#hashes.set(stream, hash);
    return true;
  }
}
