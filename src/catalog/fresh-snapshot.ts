import type { ImageStore } from '../stores';
import { takeSnapshot, type Snapshot } from './snapshot';

/** A folder with at most so many images is scanned whenever somebody asks. */
const FEW = 5000;
/** Milliseconds that the snapshot of a larger folder may be old. */
const ALLOWED_AGE = 1000;

/**
 * Keeps a snapshot as fresh as the size of the folder allows: in a small one what was just put there is listed; a
 * large one is not scanned without a pause. Whoever asks while a scan runs shares the next one.
 */
export class FreshSnapshot {
  readonly #store: ImageStore;
  #latest: Snapshot | undefined;
  /** When the scan behind the latest snapshot began, and how long it took, in milliseconds. */
  #began = -Infinity;
  #duration = 0;
  #running: Promise<void> | undefined;

  constructor(store: ImageStore) {
    this.#store = store;
  }

  /** The latest snapshot whatever its age, for pages behind the first. */
  async latest(): Promise<Snapshot> {
    return this.#latest ?? this.fresh();
  }

  async fresh(): Promise<Snapshot> {
    const asked = performance.now();
    // A scan that was under way may have passed what has changed since; then its successor is waited for.
    for (;;) {
      if (this.#latest && this.#began >= asked - this.#allowedAge()) return this.#latest;
      await this.#refresh();
    }
  }

  #allowedAge(): number {
    const isSmall = this.#latest !== undefined && this.#latest.entries.length <= FEW;
    return isSmall ? 0 : Math.max(ALLOWED_AGE, this.#duration);
  }

  #refresh(): Promise<void> {
    this.#running ??= this.#scan().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #scan(): Promise<void> {
    const began = performance.now();
    this.#latest = await takeSnapshot(this.#store);
    this.#began = began;
    this.#duration = performance.now() - began;
  }
}
