import { ScrollMap } from './scroll-map';

/** Above this speed, in screens per second, scrolling counts as fast. */
const FAST = 4;
/** Milliseconds without movement after which scrolling counts as ended. */
const REST = 80;

export interface ViewportEvents {
  /** The position, or the speed, has changed. */
  move(): void;
  /** Scrolling has ended. */
  rest(): void;
}

/**
 * The part of the grid that is on the screen. Positions are those of the grid's content, which may be taller than any
 * element can be (see `ScrollMap`), and below other content that scrolls with it.
 */
export class Viewport {
  readonly #scroller: HTMLElement;
  readonly #box: HTMLElement;
  readonly #events: ViewportEvents;
  #map = new ScrollMap(0, 0);
  #rest: ReturnType<typeof setTimeout> | undefined;
  #last = { top: 0, at: 0 };
  #isFast = false;

  /** `scroller` is the scrolling element; `box` is inside it. */
  constructor(scroller: HTMLElement, box: HTMLElement, events: ViewportEvents) {
    this.#scroller = scroller;
    this.#box = box;
    this.#events = events;
    scroller.addEventListener('scroll', this.#onScroll, { passive: true });
  }

  /** Gives the box a height that stands for that of its content. */
  set contentHeight(height: number) {
    this.#map = new ScrollMap(height, this.height);
    this.#box.style.height = `${this.#map.boxHeight}px`;
  }

  get height(): number {
    return this.#scroller.clientHeight;
  }

  /** The position at the top of the screen. */
  get top(): number {
    return this.#map.contentTop(Math.max(0, this.#scrolled));
  }

  /** Pixels of the screen above the box; negative if the box begins above the screen. */
  get above(): number {
    return -this.#scrolled;
  }

  /** How far cells must be moved in the box: if it is shorter than its content, they follow the scroll bar. */
  get offset(): number {
    return this.#map.isExact ? 0 : Math.max(0, this.#scrolled) - this.top;
  }

  get isFast(): boolean {
    return this.#isFast;
  }

  goTo(top: number): void {
    this.#jump(this.#map.scrollTopFor(Math.max(0, top)) + this.#box.offsetTop);
  }

  /** Scrolls to so many pixels below the top of the box; by default, to all that is above it. */
  goToStart(offset = -Infinity): void {
    this.#jump(Math.max(0, offset + this.#box.offsetTop));
  }

  close(): void {
    this.#scroller.removeEventListener('scroll', this.#onScroll);
    clearTimeout(this.#rest);
  }

  /** Pixels by which the box has been scrolled out of the screen. */
  get #scrolled(): number {
    return this.#scroller.scrollTop - this.#box.offsetTop;
  }

  /** A jump rather than a movement: what is there is shown at once. */
  #jump(scrollTop: number): void {
    this.#scroller.scrollTop = scrollTop;
    this.#last = { top: this.#scroller.scrollTop, at: performance.now() };
    this.#isFast = false;
  }

  readonly #onScroll = (): void => {
    const now = performance.now();
    const { scrollTop, clientHeight } = this.#scroller;
    const speed = Math.abs(scrollTop - this.#last.top) / Math.max(1, now - this.#last.at);
    this.#isFast = speed > (FAST * clientHeight) / 1000;
    this.#last = { top: scrollTop, at: now };
    clearTimeout(this.#rest);
    this.#rest = setTimeout(this.#onRest, REST);
    this.#events.move();
  };

  readonly #onRest = (): void => {
    this.#isFast = false;
    // The map follows what it is asked for.
    void this.top;
    if (!this.#map.isExact && this.#scrolled >= 0) this.#jump(this.#map.settle() + this.#box.offsetTop);
    this.#events.move();
    this.#events.rest();
  };
}
