import { createHash, type Hash } from 'node:crypto';
import type { KnownDigests } from './digest-store';

/** SHA-256 of an image and, where a block size is given, of its blocks, in one pass over its bytes. */
export class BlockHasher {
  readonly #blockSize: number | undefined;
  readonly #image = createHash('sha256');
  readonly #blocks: Buffer[] = [];
  #block: Hash | undefined;
  #inBlock = 0;

  constructor(blockSize?: number) {
    this.#blockSize = blockSize;
  }

  update(bytes: Buffer): void {
    this.#image.update(bytes);
    if (this.#blockSize === undefined) return;
    for (let at = 0; at < bytes.length;) at += this.#updateBlock(bytes.subarray(at), this.#blockSize);
  }

  finish(): KnownDigests {
    const sha256 = this.#image.digest('hex');
    if (this.#blockSize === undefined) return { sha256 };
    this.#closeBlock();
    return { sha256, blocks: { blockSize: this.#blockSize, bytes: Buffer.concat(this.#blocks) } };
  }

  #updateBlock(bytes: Buffer, blockSize: number): number {
    const piece = bytes.subarray(0, blockSize - this.#inBlock);
    this.#block ??= createHash('sha256');
    this.#block.update(piece);
    this.#inBlock += piece.length;
    if (this.#inBlock === blockSize) this.#closeBlock();
    return piece.length;
  }

  #closeBlock(): void {
    if (this.#block) this.#blocks.push(this.#block.digest());
    this.#block = undefined;
    this.#inBlock = 0;
  }
}
