/** SHA-256 of an image's blocks, one behind the other, 32 bytes each. */
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

/** What was hashed before. A digest holds for exactly the version that it was kept for. */
export interface DigestStore {
  image(name: string, version: string): string | undefined;
  blocks(name: string, version: string, blockSize: number): Buffer | undefined;
  keep(name: string, version: string, digests: KnownDigests): void;
  /** Writes what is not written yet; nothing is known or kept any more then. */
  close(): void;
}
