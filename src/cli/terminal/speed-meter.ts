/** Seconds after which what was before counts for a third. */
const MEMORY = 3;

/** A speed that does not jump: a mean in which older samples count less and less. */
export class SpeedMeter {
  #bytes: number | undefined;
  #at = 0;
  #speed: number | undefined;

  /** `bytes` so far, at `seconds`. Gives bytes a second, or undefined at first. */
  sample(bytes: number, seconds: number): number | undefined {
    const elapsed = seconds - this.#at;
    if (this.#bytes !== undefined && elapsed > 0)
      this.#add(Math.max(0, bytes - this.#bytes) / elapsed, elapsed);
    this.#bytes = bytes;
    this.#at = seconds;
    return this.#speed;
  }

  #add(speed: number, elapsed: number): void {
    const weight = this.#speed === undefined ? 1 : 1 - Math.exp(-elapsed / MEMORY);
    this.#speed = (this.#speed ?? 0) * (1 - weight) + speed * weight;
  }
}
