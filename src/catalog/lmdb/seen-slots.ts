/** Which of the numbered records of a table a scan has come upon, in one bit each. */
export class SeenSlots {
  /** Records from this number on were made during the scan. */
  readonly first: number;
  readonly #bits: Uint8Array;
  #count = 0;

  constructor(slots: number) {
    this.first = slots;
    this.#bits = new Uint8Array(Math.ceil(slots / 8));
  }

  /** How many of those that were there before. */
  get count(): number {
    return this.#count;
  }

  mark(slot: number): void {
    if (this.has(slot)) return;
    this.#bits[slot >>> 3]! |= 1 << (slot & 7);
    this.#count++;
  }

  /** True also for those that were made during the scan. */
  has(slot: number): boolean {
    return slot >= this.first || (this.#bits[slot >>> 3]! & (1 << (slot & 7))) !== 0;
  }
}
