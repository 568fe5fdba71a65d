import type { ImageInfo } from '../api';
import { Cell } from './cell';
import { heightOf, justify, neighbour, rowAt, type Layout } from './layout';
import { ScrollMap } from './scroll-map';
import { Windows, type LoadWindow } from './windows';

/** Nodes on the page at most, whatever the screen. */
const MOST_CELLS = 380;
/** Screens above and below that are made ready. */
const OVERSCAN = 1;
/** Screens a second beyond which nobody sees an image: only blurred likenesses are shown. */
const FAST = 4;
/** Milliseconds of rest after which images are loaded again. */
const REST = 80;
/** Images of the server that are as wide as cells may be on a screen. */
const WIDTHS = [160, 320, 640] as const;

export interface GridData {
  readonly ratios: Uint16Array;
  readonly load: LoadWindow;
}

export interface GridEvents {
  /** Enter, or a click on an image. */
  open(index: number): void;
  /** The image was checked, or all from the one that was checked last to it. */
  toggle(index: number, isRange: boolean): void;
  /** Another image has the focus. */
  focus(index: number): void;
  /** Where to find an image that is so many pixels wide. */
  source(image: ImageInfo, width: number): string;
  fail(error: unknown): void;
}

/** A justified grid of any number of images, of which only those near the screen are on the page. */
export class Grid {
  readonly #scroller: HTMLElement;
  readonly #box: HTMLElement;
  readonly #events: GridEvents;
  readonly #cells = new Map<number, Cell>();
  readonly #spare: Cell[] = [];
  readonly #resize: ResizeObserver;
  #data: GridData = { ratios: new Uint16Array(), load: () => Promise.resolve([]) };
  #layout: Layout = justify(this.#data.ratios, { width: 1, rowHeight: 1, gap: 0 });
  #map = new ScrollMap(0, 0);
  #windows: Windows | undefined;
  #rowHeight = 220;
  #current = 0;
  #isSelected: (image: ImageInfo) => boolean = () => false;
  #frame: number | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #last = { top: 0, at: 0 };
  #isFast = false;

  /** `scroller` is what scrolls; `box` lies in it, behind what else scrolls with it. */
  constructor(scroller: HTMLElement, box: HTMLElement, events: GridEvents) {
    this.#scroller = scroller;
    this.#box = box;
    this.#events = events;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    box.addEventListener('click', this.#onClick);
    box.addEventListener('keydown', this.#onKey);
    box.addEventListener('focusin', this.#onFocus);
    this.#resize = new ResizeObserver(() => this.#relayout());
    this.#resize.observe(scroller);
  }

  get count(): number {
    return this.#data.ratios.length;
  }

  get current(): number {
    return this.#current;
  }

  /** Shows other images. With `keepsPlace` the one at the top of the screen stays there, as far as it can. */
  show(data: GridData, { keepsPlace }: { readonly keepsPlace: boolean }): void {
    this.#windows?.close();
    this.#windows = new Windows(
      data.load,
      () => this.#schedule(),
      (error) => this.#events.fail(error),
    );
    this.#data = data;
    this.#current = keepsPlace ? Math.min(this.#current, Math.max(0, this.count - 1)) : 0;
    for (const cell of this.#cells.values()) this.#retire(cell);
    this.#cells.clear();
    this.#relayout();
    if (!keepsPlace) this.#scroller.scrollTop = 0;
  }

  set rowHeight(height: number) {
    if (height === this.#rowHeight) return;
    this.#rowHeight = height;
    this.#relayout();
  }

  set isSelected(isSelected: (image: ImageInfo) => boolean) {
    this.#isSelected = isSelected;
    this.#schedule();
  }

  /** The image at `index`, once it is known. */
  image(index: number): Promise<ImageInfo | undefined> {
    return this.#windows?.get(index) ?? Promise.resolve(undefined);
  }

  known(index: number): ImageInfo | undefined {
    return this.#windows?.at(index);
  }

  /** Brings an image to the screen and makes it the current one. */
  goTo(index: number, { hasFocus }: { readonly hasFocus: boolean }): void {
    if (index < 0 || index >= this.count) return;
    this.#current = index;
    const row = this.#layout.row[index]!;
    const [top, height] = [this.#layout.top[row]!, heightOf(this.#layout, row)];
    const [from, screen] = [this.#contentTop(), this.#scroller.clientHeight];
    const above = this.#box.offsetTop;
    if (top < from) this.#scrollTo(top - this.#layout.gap);
    else if (top + height > from + screen - above)
      this.#scrollTo(top + height - screen + above + this.#layout.gap);
    this.#render();
    this.#events.focus(index);
    if (hasFocus) this.#cells.get(index)?.element.focus({ preventScroll: true });
  }

  /** Where the cell of an image is on the screen, if it is there. */
  rectOf(index: number): DOMRect | undefined {
    return this.#cells.get(index)?.element.getBoundingClientRect();
  }

  close(): void {
    this.#windows?.close();
    this.#resize.disconnect();
    this.#scroller.removeEventListener('scroll', this.#onScroll);
    clearTimeout(this.#rest);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #relayout(): void {
    const width = this.#box.clientWidth;
    if (width === 0) return;
    const screen = this.#scroller.clientHeight;
    const anchor = this.count > 0 && this.#layout.rows > 0 ? this.#anchor() : undefined;
    const gap = width < 600 ? 2 : 4;
    this.#layout = justify(this.#data.ratios, { width, rowHeight: this.#rowHeight, gap });
    this.#map = new ScrollMap(this.#layout.height, screen);
    this.#box.style.height = `${this.#map.boxHeight}px`;
    if (anchor !== undefined && anchor.index < this.count && anchor.index > 0)
      this.#scrollTo(this.#layout.top[this.#layout.row[anchor.index]!]! + anchor.offset);
    this.#render();
  }

  /** What is at the top of the screen now. */
  #anchor(): { index: number; offset: number } {
    const top = this.#contentTop();
    const row = rowAt(this.#layout, top);
    return { index: this.#layout.first[row]!, offset: top - this.#layout.top[row]! };
  }

  #contentTop(): number {
    const scrolled = this.#scroller.scrollTop - this.#box.offsetTop;
    return this.#map.contentTop(Math.max(0, scrolled), this.#scroller.clientHeight);
  }

  #scrollTo(top: number): void {
    this.#scroller.scrollTop = this.#map.scrollTopFor(Math.max(0, top)) + this.#box.offsetTop;
  }

  readonly #onScroll = (): void => {
    const now = performance.now();
    const { scrollTop, clientHeight } = this.#scroller;
    const speed = Math.abs(scrollTop - this.#last.top) / Math.max(1, now - this.#last.at);
    this.#isFast = speed > (FAST * clientHeight) / 1000;
    this.#last = { top: scrollTop, at: now };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#isFast = false;
      this.#schedule();
    }, REST);
    this.#schedule();
  };

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#render();
    });
  }

  #render(): void {
    const layout = this.#layout;
    if (this.count === 0) return;
    const screen = this.#scroller.clientHeight;
    const top = this.#contentTop();
    let [from, to] = [
      layout.first[rowAt(layout, top - OVERSCAN * screen)]!,
      layout.first[rowAt(layout, top + (1 + OVERSCAN) * screen) + 1]!,
    ];
    if (to - from > MOST_CELLS) {
      from = layout.first[rowAt(layout, top)]!;
      to = Math.min(to, from + MOST_CELLS);
    }
    for (const [index, cell] of this.#cells) {
      if (index >= from && index < to) continue;
      // The focus would go back to the top of the page with it.
      if (index === this.#current && cell.element === document.activeElement) continue;
      this.#cells.delete(index);
      this.#retire(cell);
    }
    if (!this.#isFast) this.#windows?.want(from, to);
    // Where the box scrolls by another measure than its content, cells follow the scroll bar.
    const shift = this.#scroller.scrollTop - this.#box.offsetTop - top;
    const offset = this.#map.boxHeight === layout.height ? 0 : shift;
    for (let index = from; index < to; index++) this.#renderCell(index, offset);
  }

  #renderCell(index: number, offset: number): void {
    const layout = this.#layout;
    let cell = this.#cells.get(index);
    if (!cell) {
      cell = this.#spare.pop() ?? new Cell();
      cell.moveTo(index, this.count);
      this.#cells.set(index, cell);
      this.#box.append(cell.element);
    }
    const row = layout.row[index]!;
    const [width, height] = [layout.width[index]!, heightOf(layout, row)];
    cell.place(layout.left[index]!, layout.top[row]! + offset, width, height);
    cell.isCurrent = index === this.#current;
    const image = this.#windows?.at(index);
    if (!image) return;
    cell.describe(image);
    cell.isSelected = this.#isSelected(image);
    if (!this.#isFast) cell.load(this.#events.source(image, sourceWidth(width)));
  }

  #retire(cell: Cell): void {
    cell.element.remove();
    cell.moveTo(-1, 0);
    this.#spare.push(cell);
  }

  #indexOf(target: EventTarget | null): number | undefined {
    const element = (target as Element | null)?.closest('.cell');
    return element ? Number(element.id.slice('cell-'.length)) : undefined;
  }

  readonly #onClick = (event: MouseEvent): void => {
    const index = this.#indexOf(event.target);
    if (index === undefined) return;
    this.#current = index;
    const isCheck = (event.target as Element).closest('.check') !== null;
    if (isCheck || event.shiftKey || event.ctrlKey || event.metaKey)
      this.#events.toggle(index, event.shiftKey);
    else this.#events.open(index);
    this.#schedule();
  };

  readonly #onFocus = (event: FocusEvent): void => {
    const index = this.#indexOf(event.target);
    if (index === undefined || index === this.#current) return;
    this.#current = index;
    this.#events.focus(index);
    this.#schedule();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter') this.#events.open(this.#current);
    else if (event.key === ' ') this.#events.toggle(this.#current, event.shiftKey);
    else {
      const to = this.#target(event.key);
      if (to === undefined) return;
      const from = this.#current;
      this.goTo(to, { hasFocus: true });
      if (event.shiftKey && to !== from) this.#events.toggle(to, true);
    }
    event.preventDefault();
  };

  /** Where a key leads; undefined if it leads nowhere. */
  #target(key: string): number | undefined {
    const at = this.#current;
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#rowHeight) - 1);
    switch (key) {
      case 'ArrowLeft':
        return Math.max(0, at - 1);
      case 'ArrowRight':
        return Math.min(this.count - 1, at + 1);
      case 'ArrowUp':
        return neighbour(this.#layout, at, -1);
      case 'ArrowDown':
        return neighbour(this.#layout, at, 1);
      case 'Home':
        return 0;
      case 'End':
        return this.count - 1;
      case 'PageUp':
        return this.#rows(at, -page);
      case 'PageDown':
        return this.#rows(at, page);
      default:
        return undefined;
    }
  }

  #rows(index: number, steps: number): number {
    let to = index;
    for (let i = 0; i < Math.abs(steps); i++) to = neighbour(this.#layout, to, steps < 0 ? -1 : 1);
    return to;
  }
}

function sourceWidth(width: number): number {
  const pixels = width * Math.min(2, window.devicePixelRatio);
  return WIDTHS.find((one) => one >= pixels * 0.8) ?? WIDTHS.at(-1)!;
}
