/** Whether the client disconnected before it had the whole response. */
export class Departure {
  #controller: AbortController | undefined;
  #hasLeft = false;

  /**
   * Aborted when the client disconnects. Made when first used: many responses need none, and making it takes a tenth of
   * the time of a short response.
   */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasLeft) this.#controller.abort();
    return this.#controller.signal;
  }

  leave(): void {
    this.#hasLeft = true;
    this.#controller?.abort();
  }
}
