import type { ImageInfo } from '../api';
import type { Cell } from './cell';
import { Cells } from './cells';
import { indexOf, watchHands } from './hands';
import { keyTarget, watchKeys } from './keys';
import { heightOf, justify, learnRatios, rowAt, type Layout } from './layout';
import { rangeAt, type Range } from './range';
import { Viewport } from './viewport';
import { Windows, type LoadWindow } from './windows';

/** Milliseconds between two requests for windows during fast scrolling. */
const WINDOW_PAUSE = 100;
/** Milliseconds per frame that may be spent on drawing placeholders; those out of sight wait until they are seen. */
const DRAWING = 6;
/** Widths of thumbnails that the server makes. */
const WIDTHS = [160, 320, 640] as const;

export interface GridData {
  readonly ratios: Uint16Array;
  readonly load: LoadWindow;
}

/** A person's position in the grid. */
export interface Place {
  /** The first image of the row at the top of the screen, and how far that row is scrolled, in CSS pixels. */
  readonly index: number;
  readonly offset: number;
  /** The image that has, or would get, the focus. */
  readonly current: number;
}

export interface GridEvents {
  /** Enter, or a click on an image. */
  open(index: number): void;
  /** Selects an image, or what was selected. With `from`: all from the one selected last, or else from there. */
  toggle(index: number, from?: number): void;
  selectAll(): void;
  isSelecting(): boolean;
  /** Scrolling has ended, or another image has the focus. */
  rest(): void;
  /** The name of an image as people see it in this view. */
  label(image: ImageInfo): string;
  /** The URL of a thumbnail this many pixels wide. */
  source(image: ImageInfo, width: number): string;
  fail(error: unknown): void;
}

const NOTHING: GridData = { ratios: new Uint16Array(), load: () => Promise.resolve([]) };

/** A justified grid of any number of images, of which only those near the screen are on the page. */
export class Grid {
  readonly #box: HTMLElement;
  readonly #viewport: Viewport;
  readonly #events: GridEvents;
  readonly #cells: Cells;
  readonly #resize: ResizeObserver;
  readonly #unwatchHands: () => void;
  readonly #unwatchKeys: () => void;
  #data = NOTHING;
  #layout: Layout = justify(NOTHING.ratios, { width: 1, rowHeight: 1, gap: 0 });
  #windows: Windows | undefined;
  #rowHeight = 220;
  #current = 0;
  #isSelected: (image: ImageInfo) => boolean = () => false;
  #frame: number | undefined;
  #wantedAt = 0;

  /** `scroller` is the scrolling element; `box` is inside it, after other content that scrolls with it. */
  constructor(scroller: HTMLElement, box: HTMLElement, events: GridEvents) {
    this.#box = box;
    this.#events = events;
    this.#cells = new Cells(box);
    this.#viewport = new Viewport(scroller, box, {
      move: () => this.#schedule(),
      rest: () => events.rest(),
    });
    box.addEventListener('focusin', this.#onFocus);
    this.#unwatchHands = watchHands(box, {
      open: (index) => this.#byHand(index, () => events.open(index)),
      toggle: (index, isRange) => {
        const from = isRange ? this.#current : undefined;
        this.#byHand(index, () => events.toggle(index, from));
      },
      isSelecting: () => events.isSelecting(),
    });
    this.#unwatchKeys = watchKeys(box, {
      open: () => events.open(this.#current),
      toggle: (isRange) => events.toggle(this.#current, isRange ? this.#current : undefined),
      selectAll: () => events.selectAll(),
      move: (key, isRange) => this.#move(key, isRange),
      enter: () => this.#enter(),
    });
    this.#resize = new ResizeObserver(() => this.#relayout(this.place));
    this.#resize.observe(scroller);
  }

  get count(): number {
    return this.#data.ratios.length;
  }

  get current(): number {
    return this.#current;
  }

  get place(): Place {
    const { rows, first, top } = this.#layout;
    const at = this.#viewport.top;
    if (rows === 0) return { index: 0, offset: 0, current: 0 };
    // There may be other content above the first row.
    if (at <= 0) return { index: 0, offset: -this.#viewport.above, current: this.#current };
    const row = rowAt(this.#layout, at);
    return { index: first[row]!, offset: at - top[row]!, current: this.#current };
  }

  /** Shows other images, at `place`. `shift` is how far images shown before have moved. */
  show(data: GridData, place: Place, shift: number | undefined): void {
    this.#windows?.close();
    this.#windows = new Windows(data.load, this.#onWindow, (error) => this.#events.fail(error));
    this.#data = data;
    this.#current = Math.min(Math.max(0, place.current), Math.max(0, this.count - 1));
    if (shift === undefined) this.#cells.clear();
    else this.#cells.shift(shift, this.count);
    this.#relayout(place);
  }

  set rowHeight(height: number) {
    if (height === this.#rowHeight) return;
    this.#rowHeight = height;
    this.#relayout(this.place);
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

  elementOf(index: number): HTMLElement | undefined {
    return this.#cells.at(index)?.element;
  }

  /** Retries what failed to load. */
  recover(): void {
    for (const cell of this.#cells.all) cell.recover();
    this.#schedule();
  }

  /** Scrolls an image into view and makes it the current one. */
  goTo(index: number, { hasFocus }: { readonly hasFocus: boolean }): void {
    if (index < 0 || index >= this.count) return;
    this.#current = index;
    const row = this.#layout.row[index]!;
    const [top, height] = [this.#layout.top[row]!, heightOf(this.#layout, row)];
    const { top: from, height: screen, above } = this.#viewport;
    const { gap } = this.#layout;
    // For the first row, the content above the grid is shown too.
    if (row === 0 && top < from + gap) this.#viewport.goToStart();
    else if (top < from) this.#viewport.goTo(top - gap);
    else if (top + height > from + screen - Math.max(0, above))
      this.#viewport.goTo(top + height - screen + gap);
    this.#render();
    if (hasFocus) this.#cells.at(index)?.element.focus({ preventScroll: true });
  }

  close(): void {
    this.#windows?.close();
    this.#resize.disconnect();
    this.#unwatchHands();
    this.#unwatchKeys();
    this.#viewport.close();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #relayout(place: Place): void {
    const width = this.#box.clientWidth;
    if (width === 0) return;
    const gap = width < 600 ? 2 : 4;
    this.#layout = justify(this.#data.ratios, { width, rowHeight: this.#rowHeight, gap });
    this.#viewport.contentHeight = this.#layout.height;
    this.#restore(place);
    this.#render();
  }

  #restore({ index, offset }: Place): void {
    if (index <= 0 || index >= this.count) return this.#viewport.goToStart(offset);
    this.#viewport.goTo(this.#layout.top[this.#layout.row[index]!]! + offset);
  }

  readonly #onWindow = (from: number, images: readonly ImageInfo[]): void => {
    const place = this.place;
    if (learnRatios(this.#data.ratios, from, images)) this.#relayout(place);
    else this.#schedule();
  };

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#render();
    });
  }

  #render(): void {
    if (this.count === 0) return this.#cells.clear();
    const { top, height, offset, isFast } = this.#viewport;
    const range = rangeAt(this.#layout, top, height);
    const { from, to, seenFrom, seenTo } = range;
    this.#cells.keepOnly(from, to);
    this.#want(from, to);
    const until = performance.now() + DRAWING;
    let isDrawn = true;
    for (let index = from; index < to; index++) {
      const cell = this.#renderCell(index, offset);
      const isSeen = index >= seenFrom && index < seenTo;
      const isBlurred = cell.blur(isSeen && performance.now() < until);
      if (isSeen && !isBlurred) isDrawn = false;
    }
    if (!isDrawn) this.#schedule();
    if (!isFast) this.#loadThumbnails(range);
    this.#markTabStop(this.#current >= from && this.#current < to ? this.#current : seenFrom);
  }

  /** Visible images first: a browser loads in the order of the requests. */
  #loadThumbnails({ from, to, seenFrom, seenTo }: Range): void {
    for (let index = seenFrom; index < seenTo; index++) this.#loadThumbnail(index);
    for (let index = seenTo; index < to; index++) this.#loadThumbnail(index);
    for (let index = seenFrom - 1; index >= from; index--) this.#loadThumbnail(index);
  }

  #loadThumbnail(index: number): void {
    const image = this.#windows?.at(index);
    if (image)
      this.#cells.at(index)?.load(this.#events.source(image, sourceWidth(this.#layout.width[index]!)));
  }

  #want(from: number, to: number): void {
    const now = performance.now();
    if (this.#viewport.isFast && now - this.#wantedAt < WINDOW_PAUSE) return;
    this.#wantedAt = now;
    this.#windows?.want(from, to);
  }

  #renderCell(index: number, offset: number): Cell {
    const layout = this.#layout;
    const cell = this.#cells.need(index, this.count);
    const row = layout.row[index]!;
    const width = layout.width[index]!;
    cell.place(layout.left[index]!, layout.top[row]! + offset, width, heightOf(layout, row));
    const image = this.#windows?.at(index);
    if (image) {
      cell.describe(image, this.#events.label(image));
      cell.isSelected = this.#isSelected(image);
    }
    return cell;
  }

  /** Tab reaches one image; arrow keys move to the others from there. */
  #markTabStop(index: number): void {
    for (const cell of this.#cells.all) cell.isTabStop = cell.index === index;
  }

  #byHand(index: number, act: () => void): void {
    this.#current = index;
    act();
    this.#schedule();
  }

  readonly #onFocus = (event: FocusEvent): void => {
    const index = indexOf(event.target);
    if (index === undefined || index === this.#current) return;
    this.#current = index;
    this.#events.rest();
    this.#schedule();
  };

  #enter(): boolean {
    for (const { element } of this.#cells.all) {
      if (element.tabIndex !== 0) continue;
      element.focus({ preventScroll: true });
      return true;
    }
    return false;
  }

  /** False if the key moves nothing. */
  #move(key: string, isRange: boolean): boolean {
    const rows = Math.floor(this.#viewport.height / this.#rowHeight) - 1;
    const [from, to] = [this.#current, keyTarget(key, this.#current, this.#layout, rows)];
    if (to === undefined) return false;
    this.goTo(to, { hasFocus: true });
    if (isRange && to !== from) this.#events.toggle(to, from);
    this.#events.rest();
    return true;
  }
}

function sourceWidth(width: number): number {
  const pixels = width * Math.min(2, window.devicePixelRatio);
  return WIDTHS.find((one) => one >= pixels * 0.8) ?? WIDTHS.at(-1)!;
}
