import type { DigestStore, KnownDigests } from './digest-store';

/** Digests in memory in front of those on disk: what was kept just now is there before the disk has it. */
export class LayeredDigests implements DigestStore {
  readonly #memory: DigestStore;
  readonly #disk: DigestStore;

  constructor(memory: DigestStore, disk: DigestStore) {
    this.#memory = memory;
    this.#disk = disk;
  }

  image(name: string, version: string): string | undefined {
    return this.#memory.image(name, version) ?? this.#disk.image(name, version);
  }

  blocks(name: string, version: string, blockSize: number): Buffer | undefined {
    return this.#memory.blocks(name, version, blockSize) ?? this.#disk.blocks(name, version, blockSize);
  }

  keep(name: string, version: string, digests: KnownDigests): void {
    this.#memory.keep(name, version, digests);
    this.#disk.keep(name, version, digests);
  }

  close(): void {
    this.#disk.close();
  }
}
