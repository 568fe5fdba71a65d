import { open, type FileHandle } from 'node:fs/promises';
import type { IndexLine } from './index-record';

/** Characters that are gathered into one write. */
const BATCH = 262_144;

/** Writes lines into a file of its own. */
export class LineWriter {
  /** Lines so far. */
  count = 0;
  readonly #file: FileHandle;
  #text = '';

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<LineWriter> {
    return new LineWriter(await open(path, 'w'));
  }

  async add(lines: readonly IndexLine[]): Promise<void> {
    this.count += lines.length;
    for (const { line } of lines) this.#text += `${line}\n`;
    if (this.#text.length >= BATCH) await this.#flush();
  }

  /** To be called however it went; `isWhole`: what was gathered is written, too. */
  async close(isWhole: boolean): Promise<void> {
    try {
      if (isWhole) await this.#flush();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#file.writeFile(text);
  }
}
