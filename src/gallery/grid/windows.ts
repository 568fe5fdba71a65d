import type { ImageInfo } from '../api';

/** Images that are asked for at once. */
export const WINDOW = 250;
/** Windows that are kept: those around, and those left a moment ago. */
const MOST_KEPT = 40;

export type LoadWindow = (from: number, count: number, signal: AbortSignal) => Promise<readonly ImageInfo[]>;

interface Window {
  readonly images: Promise<readonly ImageInfo[]>;
  readonly abort: AbortController;
  loaded?: readonly ImageInfo[];
}

/** Loads what is known of the images of a grid, a window of them at a time, and keeps the windows used last. */
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

  /** The image, if it has come already. */
  at(index: number): ImageInfo | undefined {
    return this.#windows.get(Math.floor(index / WINDOW))?.loaded?.[index % WINDOW];
  }

  /** The image, once it has come. */
  async get(index: number): Promise<ImageInfo | undefined> {
    return (await this.#window(Math.floor(index / WINDOW)).images)[index % WINDOW];
  }

  /** Loads what lies between two places, and aborts what is still being loaded for places far from there. */
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
    // The one that was used last stays longest.
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
