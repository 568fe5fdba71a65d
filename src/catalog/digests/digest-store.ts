/** SHA-256 of an image's blocks, concatenated, 32 bytes each. */
export interface BlockDigests {
  /** Bytes of a block. */
  readonly blockSize: number;
  readonly bytes: Buffer;
}

export interface KnownDigests {
  /** SHA-256 of the image, hexadecimal. */
  readonly sha256: string;
  readonly blocks?: BlockDigests | undefined;
}

/** Known digests. A digest is valid for exactly the version that it was stored for. */
export interface DigestStore {
  image(name: string, version: string): string | undefined;
  blocks(name: string, version: string, blockSize: number): Buffer | undefined;
  keep(name: string, version: string, digests: KnownDigests): void;
  /** Writes pending digests. After that it knows and stores nothing. */
  close(): void;
}

/** Digests in memory, then those on disk: a new one is known before it is on disk. */
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
