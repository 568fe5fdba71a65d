import type { ImageInfo } from '../api';

/** Images per request. */
export const WINDOW = 250;
/** Number of windows kept: nearby ones, and some left a moment ago. */
const MOST_KEPT = 40;

export type LoadWindow = (from: number, count: number, signal: AbortSignal) => Promise<readonly ImageInfo[]>;

interface Window {
  readonly images: Promise<readonly ImageInfo[]>;
  readonly abort: AbortController;
  loaded?: readonly ImageInfo[];
}

/** Loads the images of a grid in windows, and keeps the most recently used ones. */
export class Windows {
  readonly #load: LoadWindow;
  readonly #onLoaded: (from: number, images: readonly ImageInfo[]) => void;
  readonly #onError: (error: unknown) => void;
  readonly #windows = new Map<number, Window>();

  constructor(
    load: LoadWindow,
    onLoaded: (from: number, images: readonly ImageInfo[]) => void,
    onError: (error: unknown) => void,
  ) {
    this.#load = load;
    this.#onLoaded = onLoaded;
    this.#onError = onError;
  }

  /** The image, if it has been loaded. */
  at(index: number): ImageInfo | undefined {
    return this.#windows.get(Math.floor(index / WINDOW))?.loaded?.[index % WINDOW];
  }

  /** The image, once it has been loaded. */
  async get(index: number): Promise<ImageInfo | undefined> {
    return (await this.#window(Math.floor(index / WINDOW)).images)[index % WINDOW];
  }

  /** Loads the images between two places, and aborts requests for places far from there. */
  want(from: number, to: number): void {
    const [first, last] = [Math.floor(from / WINDOW), Math.floor(Math.max(from, to - 1) / WINDOW)];
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
    // Moves it to the end: the least recently used window is dropped first.
    this.#windows.delete(number);
    this.#windows.set(number, window);
    return window;
  }

  #begin(number: number): Window {
    const abort = new AbortController();
    const window: Window = { abort, images: this.#load(number * WINDOW, WINDOW, abort.signal) };
    window.images.then(
      (images) => {
        window.loaded = images;
        this.#forgetOldest();
        this.#onLoaded(number * WINDOW, images);
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
