import type { DigestStore, KnownDigests } from './digest-store';

const MAX_BYTES = 16_777_216;
/** Approximate size of an entry without its blocks. */
const ENTRY_BYTES = 512;

interface Kept extends KnownDigests {
  readonly version: string;
}

/** Digests in memory. If there are too many, the least recently used are dropped. */
export class MemoryDigests implements DigestStore {
  readonly #kept = new Map<string, Kept>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  image(name: string, version: string): string | undefined {
    return this.#find(name, version)?.sha256;
  }

  blocks(name: string, version: string, blockSize: number): Buffer | undefined {
    const blocks = this.#find(name, version)?.blocks;
    return blocks?.blockSize === blockSize ? blocks.bytes : undefined;
  }

  keep(name: string, version: string, digests: KnownDigests): void {
    const before = this.#find(name, version);
    this.#drop(name);
    const kept = { ...digests, blocks: digests.blocks ?? before?.blocks, version };
    this.#kept.set(name, kept);
    this.#bytes += cost(kept);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  close(): void {
    // What is known in memory stays known.
  }

  #find(name: string, version: string): Kept | undefined {
    const kept = this.#kept.get(name);
    if (kept?.version !== version) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept;
  }

  #drop(name: string): void {
    const kept = this.#kept.get(name);
    if (!kept) return;
    this.#kept.delete(name);
    this.#bytes -= cost(kept);
  }
}

function cost(kept: Kept): number {
  return ENTRY_BYTES + (kept.blocks?.bytes.length ?? 0);
}
