import { compareNames } from '../names';
import { Pace } from './pace';

interface Named {
  readonly name: string;
}

/** Entries sorted at once: few enough not to hold anybody up. */
const RUN = 4096;

/** Sorts any number of entries by the bytes of their names, without blocking the process for long. */
export class Sorter<T extends Named> {
  readonly #runs: T[][] = [];
  #collected: T[] = [];

  add(entries: readonly T[]): void {
    for (const entry of entries) {
      this.#collected.push(entry);
      if (this.#collected.length === RUN) this.#closeRun();
    }
  }

  async sorted(): Promise<T[]> {
    this.#closeRun();
    const pace = new Pace();
    let runs = this.#runs;
    while (runs.length > 1) {
      const merged: T[][] = [];
      for (let i = 0; i < runs.length; i += 2) merged.push(await merge(runs[i]!, runs[i + 1] ?? [], pace));
      runs = merged;
    }
    return runs[0] ?? [];
  }

  #closeRun(): void {
    this.#runs.push(this.#collected.sort((a, b) => compareNames(a.name, b.name)));
    this.#collected = [];
  }
}

async function merge<T extends Named>(left: T[], right: T[], pace: Pace): Promise<T[]> {
  if (right.length === 0) return left;
  const merged: T[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length || r < right.length) {
    const takeLeft =
      r >= right.length || (l < left.length && compareNames(left[l]!.name, right[r]!.name) <= 0);
    merged.push(takeLeft ? left[l++]! : right[r++]!);
    const turn = pace.step();
    if (turn) await turn;
  }
  return merged;
}
