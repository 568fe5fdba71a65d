/** Characters that are handed on together, and milliseconds after which they are in any case. */
export const BATCH = 8192;
export const DELAY = 50;

/** Gathers lines: to hand them to a stream one by one costs more than to make them. */
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
    else this.#timer ??= setTimeout(() => this.flush(), DELAY).unref();
  }

  /** Hands on what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#write(lines);
  }
}
