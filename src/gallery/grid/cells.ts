import { Cell } from './cell';

/** The cells on the page, for a range of places. Their elements are reused. */
export class Cells {
  readonly #box: HTMLElement;
  readonly #spare: Cell[] = [];
  #cells = new Map<number, Cell>();

  constructor(box: HTMLElement) {
    this.#box = box;
  }

  at(index: number): Cell | undefined {
    return this.#cells.get(index);
  }

  get all(): Iterable<Cell> {
    return this.#cells.values();
  }

  /** Removes cells outside a range, except the focused one, or the focus would be lost. */
  keepOnly(from: number, to: number): void {
    for (const [index, cell] of this.#cells) {
      if ((index >= from && index < to) || cell.element === document.activeElement) continue;
      this.#retire(index, cell);
    }
  }

  /** The cell of a place, created if missing. Cells are in the order of their places, for screen readers. */
  need(index: number, total: number): Cell {
    const known = this.#cells.get(index);
    if (known) return known;
    const cell = this.#spare.pop() ?? new Cell();
    cell.take(index, total);
    this.#cells.set(index, cell);
    const before = this.#cells.get(index - 1);
    if (before) before.element.after(cell.element);
    else this.#box.prepend(cell.element);
    return cell;
  }

  /** Every image has moved by this many places. */
  shift(by: number, total: number): void {
    const moved = new Map<number, Cell>();
    for (const [index, cell] of this.#cells) {
      const to = index + by;
      if (to < 0 || to >= total) this.#retire(index, cell);
      else {
        cell.renumber(to, total);
        moved.set(to, cell);
      }
    }
    this.#cells = moved;
  }

  clear(): void {
    for (const [index, cell] of this.#cells) this.#retire(index, cell);
  }

  #retire(index: number, cell: Cell): void {
    this.#cells.delete(index);
    cell.element.remove();
    // Cancels its loading.
    cell.take(-1, 0);
    this.#spare.push(cell);
  }
}
