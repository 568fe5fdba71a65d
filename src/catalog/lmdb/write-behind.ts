import type { Change } from './disk-space';
import type { LmdbRoot } from './root';

/** Milliseconds that values are collected before they are written. */
const COLLECT = 100;
/** Values in one write: few enough that nobody waits for it. */
const MAX_COLLECTED = 64;

export interface WriteBehindOptions<T> {
  /** Puts them into a table; it is called within a transaction. */
  put(collected: ReadonlyMap<string, T>): void;
  /** Bytes of a value beyond the usual. */
  bytesOf(value: T): number;
  /** Hears why nothing is written any more. */
  onError(error: unknown): void;
}

/**
 * Collects values by name, and writes many of them at once. Transactions are synchronous: when an asynchronous one fails, on
 * a full disk for instance, it leaves a rejection that nobody can handle, and that ends the process.
 */
export class WriteBehind<T> {
  readonly #root: LmdbRoot;
  readonly #options: WriteBehindOptions<T>;
  readonly #collected = new Map<string, T>();
  #timer: NodeJS.Timeout | undefined;
  #isWritable = true;

  constructor(root: LmdbRoot, options: WriteBehindOptions<T>) {
    this.#root = root;
    this.#options = options;
  }

  keep(name: string, value: T): void {
    if (!this.#isWritable) return;
    this.#collected.set(name, value);
    if (this.#collected.size >= MAX_COLLECTED) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), COLLECT);
  }

  /** What is not written yet of `name`. */
  pending(name: string): T | undefined {
    return this.#collected.get(name);
  }

  /** Writes what is left, and after that nothing more. */
  close(): void {
    this.#write();
    this.#isWritable = false;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#collected.size === 0) return;
    try {
      this.#root.write(() => this.#options.put(this.#collected), this.#change);
    } catch (error) {
      this.#isWritable = false;
      this.#options.onError(error);
    }
    this.#collected.clear();
  }

  get #change(): Change {
    let bytes = 0;
    for (const value of this.#collected.values()) bytes += this.#options.bytesOf(value);
    return { records: 2 * this.#collected.size, bytes };
  }
}
