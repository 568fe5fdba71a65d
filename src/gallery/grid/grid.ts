import type { ImageInfo } from '../api';
import { Cells } from './cells';
import { indexOf, watchHands } from './hands';
import { keyTarget } from './keys';
import { heightOf, justify, rowAt, type Layout } from './layout';
import { rangeAt, type Range } from './range';
import { ScrollMap } from './scroll-map';
import { Windows, type LoadWindow } from './windows';

/** Above this speed, in screens per second, only blurred placeholders are shown. */
const FAST = 4;
/** Milliseconds without movement after which scrolling counts as ended. */
const REST = 80;
/** Milliseconds between two requests for windows during fast scrolling. */
const WINDOW_PAUSE = 100;
/** Milliseconds per frame that may be spent on drawing placeholders. */
const DRAWING = 6;
/** Widths of thumbnails that the server makes. */
const WIDTHS = [160, 320, 640] as const;

const UNIT = 1024;
const MAX_RATIO = 65_535;

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
  readonly #scroller: HTMLElement;
  readonly #box: HTMLElement;
  readonly #events: GridEvents;
  readonly #cells: Cells;
  readonly #resize: ResizeObserver;
  readonly #unwatchHands: () => void;
  #data = NOTHING;
  #layout: Layout = justify(NOTHING.ratios, { width: 1, rowHeight: 1, gap: 0 });
  #map = new ScrollMap(0, 0);
  #windows: Windows | undefined;
  #rowHeight = 220;
  #current = 0;
  #isSelected: (image: ImageInfo) => boolean = () => false;
  #frame: number | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #last = { top: 0, at: 0 };
  #isFast = false;
  #wantedAt = 0;

  /** `scroller` is the scrolling element; `box` is inside it, after other content that scrolls with it. */
  constructor(scroller: HTMLElement, box: HTMLElement, events: GridEvents) {
    this.#scroller = scroller;
    this.#box = box;
    this.#events = events;
    this.#cells = new Cells(box);
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    box.addEventListener('keydown', this.#onKey);
    box.addEventListener('focusin', this.#onFocus);
    this.#unwatchHands = watchHands(box, {
      open: (index) => this.#byHand(index, () => events.open(index)),
      toggle: (index, isRange) => {
        const from = isRange ? this.#current : undefined;
        this.#byHand(index, () => events.toggle(index, from));
      },
      isSelecting: () => events.isSelecting(),
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
    const at = this.#contentTop();
    if (rows === 0) return { index: 0, offset: 0, current: 0 };
    // There may be other content above the first row.
    if (at <= 0)
      return { index: 0, offset: this.#scroller.scrollTop - this.#box.offsetTop, current: this.#current };
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
    const [from, screen, { gap }] = [this.#contentTop(), this.#scroller.clientHeight, this.#layout];
    // For the first row, the content above the grid is shown too.
    if (row === 0 && top < from + gap) this.#jump(0);
    else if (top < from) this.#scrollTo(top - gap);
    else if (top + height > from + screen - this.#above) this.#scrollTo(top + height - screen + gap);
    this.#render();
    if (hasFocus) this.#cells.at(index)?.element.focus({ preventScroll: true });
  }

  close(): void {
    this.#windows?.close();
    this.#resize.disconnect();
    this.#unwatchHands();
    this.#scroller.removeEventListener('scroll', this.#onScroll);
    clearTimeout(this.#rest);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  /** Pixels of the screen that the content above the grid takes. */
  get #above(): number {
    return Math.max(0, this.#box.offsetTop - this.#scroller.scrollTop);
  }

  #relayout(place: Place): void {
    const width = this.#box.clientWidth;
    if (width === 0) return;
    const gap = width < 600 ? 2 : 4;
    this.#layout = justify(this.#data.ratios, { width, rowHeight: this.#rowHeight, gap });
    this.#map = new ScrollMap(this.#layout.height, this.#scroller.clientHeight);
    this.#box.style.height = `${this.#map.boxHeight}px`;
    this.#restore(place);
    this.#render();
  }

  #restore({ index, offset }: Place): void {
    if (index <= 0 || index >= this.count) return this.#jump(Math.max(0, offset + this.#box.offsetTop));
    this.#scrollTo(this.#layout.top[this.#layout.row[index]!]! + offset);
  }

  #contentTop(): number {
    return this.#map.contentTop(Math.max(0, this.#scroller.scrollTop - this.#box.offsetTop));
  }

  #scrollTo(top: number): void {
    this.#jump(this.#map.scrollTopFor(Math.max(0, top)) + this.#box.offsetTop);
  }

  /** A jump rather than a movement: the images there are shown at once. */
  #jump(scrollTop: number): void {
    this.#scroller.scrollTop = scrollTop;
    this.#last = { top: this.#scroller.scrollTop, at: performance.now() };
    this.#isFast = false;
  }

  readonly #onWindow = (from: number, images: readonly ImageInfo[]): void => {
    const place = this.place;
    if (this.#learnRatios(from, images)) this.#relayout(place);
    else this.#schedule();
  };

  /** The server may have learned the dimensions of images since the view was loaded. */
  #learnRatios(from: number, images: readonly ImageInfo[]): boolean {
    const { ratios } = this.#data;
    let hasLearnt = false;
    images.forEach(({ facts }, i) => {
      if (ratios[from + i] !== 0 || !facts?.width || !facts.height) return;
      ratios[from + i] = Math.max(1, Math.min(MAX_RATIO, Math.round((UNIT * facts.width) / facts.height)));
      hasLearnt = true;
    });
    return hasLearnt;
  }

  readonly #onScroll = (): void => {
    const now = performance.now();
    const { scrollTop, clientHeight } = this.#scroller;
    const speed = Math.abs(scrollTop - this.#last.top) / Math.max(1, now - this.#last.at);
    this.#isFast = speed > (FAST * clientHeight) / 1000;
    this.#last = { top: scrollTop, at: now };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(this.#onRest, REST);
    this.#schedule();
  };

  readonly #onRest = (): void => {
    this.#isFast = false;
    this.#contentTop();
    if (!this.#map.isExact && this.#scroller.scrollTop >= this.#box.offsetTop)
      this.#jump(this.#map.settle() + this.#box.offsetTop);
    this.#schedule();
    this.#events.rest();
  };

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#render();
    });
  }

  #render(): void {
    if (this.count === 0) return this.#cells.clear();
    const top = this.#contentTop();
    const range = rangeAt(this.#layout, top, this.#scroller.clientHeight);
    const { from, to, seenFrom } = range;
    this.#cells.keepOnly(from, to);
    this.#want(from, to);
    // If the box is shorter than its content, the cells follow the scroll bar.
    const offset = this.#map.isExact ? 0 : Math.max(0, this.#scroller.scrollTop - this.#box.offsetTop) - top;
    const until = performance.now() + DRAWING;
    let isDrawn = true;
    for (let index = from; index < to; index++) isDrawn = this.#renderCell(index, offset, until) && isDrawn;
    if (!isDrawn) this.#schedule();
    if (!this.#isFast) this.#loadThumbnails(range);
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
    if (this.#isFast && now - this.#wantedAt < WINDOW_PAUSE) return;
    this.#wantedAt = now;
    this.#windows?.want(from, to);
  }

  /** False if the blurred placeholder has not been drawn yet. */
  #renderCell(index: number, offset: number, until: number): boolean {
    const layout = this.#layout;
    const cell = this.#cells.need(index, this.count);
    const row = layout.row[index]!;
    const width = layout.width[index]!;
    cell.place(layout.left[index]!, layout.top[row]! + offset, width, heightOf(layout, row));
    const image = this.#windows?.at(index);
    if (!image) return true;
    cell.describe(image, this.#events.label(image));
    cell.isSelected = this.#isSelected(image);
    return cell.blur(performance.now() < until);
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

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'a') return;
      this.#events.selectAll();
    } else if (event.key === 'Enter') this.#events.open(this.#current);
    else if (event.key === ' ')
      this.#events.toggle(this.#current, event.shiftKey ? this.#current : undefined);
    else if (!this.#follow(event)) return;
    event.preventDefault();
  };

  #follow({ key, shiftKey }: KeyboardEvent): boolean {
    const rows = Math.floor(this.#scroller.clientHeight / this.#rowHeight) - 1;
    const [from, to] = [this.#current, keyTarget(key, this.#current, this.#layout, rows)];
    if (to === undefined) return false;
    this.goTo(to, { hasFocus: true });
    if (shiftKey && to !== from) this.#events.toggle(to, from);
    this.#events.rest();
    return true;
  }
}

function sourceWidth(width: number): number {
  const pixels = width * Math.min(2, window.devicePixelRatio);
  return WIDTHS.find((one) => one >= pixels * 0.8) ?? WIDTHS.at(-1)!;
}
