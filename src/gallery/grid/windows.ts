import type { ImageInfo } from '../api';

/** Images that are asked for at once. */
const SIZE = 250;
/** Windows that are kept: what is around, and some that were left a moment ago. */
const MOST_KEPT = 40;

export type LoadWindow = (from: number, count: number, signal: AbortSignal) => Promise<readonly ImageInfo[]>;

interface Window {
  readonly images: Promise<readonly ImageInfo[]>;
  readonly abort: AbortController;
  loaded?: readonly ImageInfo[];
}

/** Knows the images of a grid by their places, some of them at a time. */
export class Windows {
  readonly #load: LoadWindow;
  readonly #onLoaded: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #windows = new Map<number, Window>();

  constructor(load: LoadWindow, onLoaded: () => void, onError: (error: unknown) => void) {
    this.#load = load;
    this.#onLoaded = onLoaded;
    this.#onError = onError;
  }

  /** The image, if it has come already. */
  at(index: number): ImageInfo | undefined {
    return this.#windows.get(Math.floor(index / SIZE))?.loaded?.[index % SIZE];
  }

  /** The image, once it has come. */
  async get(index: number): Promise<ImageInfo | undefined> {
    return (await this.#window(Math.floor(index / SIZE)).images)[index % SIZE];
  }

  /** Asks for what is between two places, and gives up what is far from there and has not come. */
  want(from: number, to: number): void {
    const [first, last] = [Math.floor(from / SIZE), Math.floor(Math.max(from, to - 1) / SIZE)];
    for (const [number, window] of this.#windows) {
      if (window.loaded || (number >= first - 1 && number <= last + 1)) continue;
      window.abort.abort();
      this.#windows.delete(number);
    }
    for (let number = first; number <= last; number++) this.#window(number);
  }

  close(): void {
    for (const { abort } of this.#windows.values()) abort.abort();
    this.#windows.clear();
  }

  #window(number: number): Window {
    const window = this.#windows.get(number) ?? this.#begin(number);
    // The one that was used last stays longest.
    this.#windows.delete(number);
    this.#windows.set(number, window);
    return window;
  }

  #begin(number: number): Window {
    const abort = new AbortController();
    const window: Window = { abort, images: this.#load(number * SIZE, SIZE, abort.signal) };
    window.images.then(
      (images) => {
        window.loaded = images;
        this.#forgetOldest();
        this.#onLoaded();
      },
      (error: unknown) => {
        if (this.#windows.get(number) === window) this.#windows.delete(number);
        if (!abort.signal.aborted) this.#onError(error);
      },
    );
    return window;
  }

  #forgetOldest(): void {
    for (const number of this.#windows.keys()) {
      if (this.#windows.size <= MOST_KEPT) return;
      this.#windows.delete(number);
    }
  }
}
