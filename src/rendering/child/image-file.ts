import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes that can be read from any position. */
export interface Bytes {
  /** Up to `length` bytes from `position` on; fewer at the end. */
  read(position: number, length: number): Buffer;
}

/** Enough for the signature of any format, and for the part of an SVG before its first element. */
const HEAD_BYTES = 4096;

/** The image, opened again, so that reading it does not move the server's file position. */
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
