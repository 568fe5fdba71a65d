import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters that are packed together. */
const PIECE = 262_144;

/** Text that is kept until all of it is known, packed: a million lines with digests are large, and half of it is air. */
export class Spool {
  readonly #packed: Buffer[] = [];
  #open: string[] = [];
  #length = 0;

  add(line: string): void {
    this.#open.push(line);
    this.#length += line.length;
    if (this.#length >= PIECE) this.#pack();
  }

  *pieces(): Generator<string, void, undefined> {
    for (const packed of this.#packed) yield inflateRawSync(packed).toString();
    yield this.#open.join('');
  }

  #pack(): void {
    this.#packed.push(deflateRawSync(this.#open.join(''), { level: 1 }));
    this.#open = [];
    this.#length = 0;
  }
}
