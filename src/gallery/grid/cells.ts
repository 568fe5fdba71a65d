import { Cell } from './cell';

/** The cells on the page: those of a range of places, whose elements are used again and again. */
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

  /** Takes away what is outside of a range, but for the cell that has the focus: that would be lost with it. */
  keepOnly(from: number, to: number): void {
    for (const [index, cell] of this.#cells) {
      if ((index >= from && index < to) || cell.element === document.activeElement) continue;
      this.#retire(index, cell);
    }
  }

  /** The cell of a place, made where there is none. They stand in the order of their places, for those who hear them. */
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

  /** Every image has moved by so many places. */
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
    // Ends what it is loading.
    cell.take(-1, 0);
    this.#spare.push(cell);
  }
}
