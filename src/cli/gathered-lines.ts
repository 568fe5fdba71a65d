/** Characters that are gathered into one write, and milliseconds after which they are written in any case. */
const BATCH = 32_768;
const DELAY = 100;

/** Gathers lines: to write them one by one costs more than to make them. */
export class GatheredLines {
  readonly #write: (lines: string) => void;
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  add(line: string): void {
    this.#lines += line;
    if (this.#lines.length >= BATCH) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), DELAY);
  }

  /** Writes what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#write(lines);
  }
}
