import { RemoteError } from '../../../errors';
import type { Proof } from '../../../protocol';
import type { Client } from '../../client';

/** Digests of blocks that are asked for at once. */
const AT_ONCE = 1024;

/** The digests of an image's blocks, all of one version. */
export class BlockDigests {
  readonly proof: Proof;
  readonly #client: Pick<Client, 'digests'>;
  readonly #name: string;
  #known: Proof;

  private constructor(client: Pick<Client, 'digests'>, name: string, proof: Proof) {
    this.#client = client;
    this.#name = name;
    this.proof = this.#known = proof;
  }

  static async open(client: Pick<Client, 'digests'>, name: string): Promise<BlockDigests> {
    return new BlockDigests(client, name, await client.digests(name, { first: 0, count: AT_ONCE }));
  }

  /** SHA-256 of block `index`; they are to be asked for in order. Throws CHANGED. */
  async of(index: number): Promise<string> {
    if (index >= this.#known.first + this.#known.blocks.length) {
      this.#known = await this.#client.digests(this.#name, { first: index, count: AT_ONCE });
    }
    const digest = this.#known.blocks[index - this.#known.first];
    const { version, blockSize } = this.#known;
    if (version === this.proof.version && blockSize === this.proof.blockSize && digest !== undefined)
      return digest;
    throw new RemoteError('CHANGED', 'The image changed while it was repaired.', { image: this.#name });
  }
}
