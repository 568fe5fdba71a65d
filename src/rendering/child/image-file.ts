import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that can be read from any place. */
export interface Bytes {
  /** Up to `length` bytes from `position` on; fewer where they end. */
  read(position: number, length: number): Buffer;
}

/** Enough for the first bytes of any format, and for what an SVG has before its first element. */
const HEAD_BYTES = 4096;

/** The image, opened anew, so that reading it moves nothing in the server. */
export class ImageFile implements Bytes {
  readonly path: string;
  readonly size: number;
  readonly head: Buffer;
  readonly #fd: number;

  constructor(path: string, size: number) {
    this.path = path;
    this.size = size;
    this.#fd = openSync(path, 'r');
    this.head = this.read(0, HEAD_BYTES);
  }

  read(position: number, length: number): Buffer {
    const target = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#fd, target, done, length - done, position + done);
      if (read === 0) break;
      done += read;
    }
    return target.subarray(0, done);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
