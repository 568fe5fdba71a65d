/** Bytes of a file from `start` up to, but not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A set of bytes of a file: disjoint ranges in order, merged where they meet. */
export class Ranges {
  #list: Range[] = [];

  get list(): readonly Range[] {
    return this.#list;
  }

  /** How many bytes are in it. */
  get bytes(): number {
    return this.#list.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  add({ start, end }: Range): void {
    if (start >= end) return;
    const touching = this.#list.filter((other) => other.start <= end && other.end >= start);
    const merged = {
      start: Math.min(start, ...touching.map((other) => other.start)),
      end: Math.max(end, ...touching.map((other) => other.end)),
    };
    const before = this.#list.filter((other) => other.end < start);
    const after = this.#list.filter((other) => other.start > end);
    this.#list = [...before, merged, ...after];
  }

  /** The end of the run of its bytes that starts at `offset`; `offset` if that byte is missing. */
  runFrom(offset: number): number {
    return this.#list.find(({ start, end }) => start <= offset && end > offset)?.end ?? offset;
  }

  /** Removes everything before `offset`. */
  dropBefore(offset: number): void {
    this.#list = this.#list
      .filter(({ end }) => end > offset)
      .map(({ start, end }) => ({ start: Math.max(start, offset), end }));
  }

  /** What is missing from `start` up to `end`, in order. */
  gaps(start: number, end: number): Range[] {
    const gaps: Range[] = [];
    let from = start;
    for (const range of this.#list) {
      if (range.start > from && from < end) gaps.push({ start: from, end: Math.min(range.start, end) });
      from = Math.max(from, range.end);
    }
    if (from < end) gaps.push({ start: from, end });
    return gaps;
  }
}
