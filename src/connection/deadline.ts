/** One timer that can be set, moved and cleared. */
export class Deadline {
  #timer: NodeJS.Timeout | undefined;

  /** Calls `expire` in `milliseconds`, unless it is set again or cleared before that. */
  set(milliseconds: number, expire: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(expire, milliseconds);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  get isSet(): boolean {
    return this.#timer !== undefined;
  }
}
