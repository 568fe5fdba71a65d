import { kindOf, storeFailure, whyNot } from './failure';

/** Milliseconds for which an answer proves that the bucket is there. */
const TRUSTED = 1000;

/** Whether the bucket can be read. Any answer proves it; without one for a while, it is asked. */
export class Presence {
  readonly #ask: () => Promise<void>;
  readonly #tell: (message: string) => void;
  readonly #url: string;
  #answered = -Infinity;
  #isAway = false;
  /** How often it was away. */
  #times = 0;
  #asking: Promise<void> | undefined;

  /** `url` is what people call it, `ask` rejects if it can't be read. */
  constructor(url: string, ask: () => Promise<void>, tell: (message: string) => void) {
    this.#url = url;
    this.#ask = ask;
    this.#tell = tell;
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  /** How often it was away so far. Throws UNAVAILABLE, BUSY. */
  async look(): Promise<number> {
    if (this.#isAway || performance.now() - this.#answered > TRUSTED) {
      this.#asking ??= this.#check().finally(() => (this.#asking = undefined));
      await this.#asking;
    }
    return this.#times;
  }

  /** Does `request` and learns from its result. Rejects as it does. */
  async watch<T>(request: () => Promise<T>): Promise<T> {
    try {
      const result = await request();
      this.#here();
      return result;
    } catch (error) {
      const kind = kindOf(error);
      if (kind === 'away') this.#away(error);
      else if (kind !== 'broken') this.#here();
      throw error;
    }
  }

  async #check(): Promise<void> {
    try {
      await this.watch(this.#ask);
    } catch (error) {
      if (kindOf(error) === 'broken') this.#away(error);
      throw storeFailure(error);
    }
  }

  #here(): void {
    this.#answered = performance.now();
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#tell(`${this.#url} can be read again.`);
  }

  #away(error: unknown): void {
    this.#answered = -Infinity;
    if (this.#isAway) return;
    this.#isAway = true;
    this.#times++;
    this.#tell(`${this.#url} can't be read: ${whyNot(error)}. Nothing is served until it can be read again.`);
  }
}
